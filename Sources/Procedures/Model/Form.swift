package import Notices

/// A field of the form.
package struct Field: Hashable, Sendable {
    /// Dotted path, as `child.full-name`; the JSON form nests by its parts.
    package var name: String
    /// What people read.
    package var title: LocalText
    /// What it holds.
    package var type: FieldType
    /// Whether it must be there.
    package var required: Bool
    /// Asked for only when this holds; nil is always.
    package var when: Condition?
    /// Whether it is personal: encrypted at rest, and never in events, notices, logs or conditions (R2, R3).
    package var personal: Bool

    /// Joins the parts.
    package init(
        name: String, title: LocalText, type: FieldType, required: Bool, when: Condition? = nil, personal: Bool
    ) {
        self.name = name
        self.title = title
        self.type = type
        self.required = required
        self.when = when
        self.personal = personal
    }
}

/// The types of fields.
package indirect enum FieldType: Hashable, Sendable {
    /// Text of at most so many characters (Unicode scalars after NFC).
    case text(max: Int)
    /// A whole number in a range.
    case number(min: Int64, max: Int64)
    /// A date `YYYY-MM-DD`; `notAfterSubmission` refuses the future.
    case date(notAfterSubmission: Bool)
    case yesNo
    /// One of these codes.
    case choice([Choice])
    /// A citizen's identity number: 12 digits.
    case nationalID
    /// A Vietnamese telephone number.
    case phone
    /// An address: `{line, commune}`; two tiers since 1 July 2025, so never a district.
    case address
    /// The code of a commune (or of a province).
    case area
    /// Several of a type.
    case list(FieldType, min: Int, max: Int)
    /// Fields of its own.
    case group([Field])

    /// A code and what people read for it.
    package struct Choice: Hashable, Sendable {
        /// Kebab-case.
        package var code: String
        /// What people read.
        package var title: LocalText

        /// Joins the parts.
        package init(code: String, title: LocalText) {
            self.code = code
            self.title = title
        }
    }
}

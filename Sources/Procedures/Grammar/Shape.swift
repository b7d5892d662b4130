/// What may stand under a key. The closed schema of every kind of file is a table of these: reading, the reference
/// page and the editors' schema all come from it.
package indirect enum ValueKind: Hashable, Sendable {
    /// Kebab-case: `birth-registration`.
    case name
    /// The name of a step, also of one in a branch or in a linked dossier: `share/residence/register`.
    case stepName
    /// A text; in quotes where YAML would read a number, a yes-no or nothing.
    case text(max: Int)
    /// `true` or `false`, without quotes.
    case yesNo
    /// A whole number in a range, without quotes.
    case whole(Int64, Int64)
    /// `2026-08-31`.
    case date
    /// `2026-08-31T16:30`, Viet Nam's time; with `none` where nothing is expected.
    case instant(orNone: Bool)
    /// `"15:00"`.
    case time
    /// `3 working days`.
    case limit
    /// One word of a closed list.
    case code([String])
    /// A condition over facts.
    case condition
    /// `ROLE at RULE`.
    case performer
    /// `centre`, `agency`, `KIND of form.FIELD`, `KIND of facts.NAME`.
    case agencyRule
    /// `CONNECTOR.OPERATION`.
    case operation
    /// A yes-no, a whole number, a date or a text.
    case value
    /// `07:30-11:30`.
    case session
    /// The shape of that name.
    case shape(String)
    /// Values of one kind.
    case list(ValueKind, atLeast: Int)
    /// Entries with names of the file's own choosing.
    case map(NameKind, ValueKind, atLeast: Int)
    /// A single value or a list of such.
    case oneOrList(ValueKind)

    /// How the names of a map are spelt.
    package enum NameKind: Hashable, Sendable {
        /// Kebab-case.
        case kebab
        /// Kebab-case parts joined by dots: `child.full-name`.
        case dotted
        /// Parts joined by `/`: `share/residence/register`.
        case step
        /// Digits: the code of an area.
        case digits
        /// Digits and capitals joined by dots: the identifier of an agency.
        case identifier
        /// `monday` … `sunday`.
        case weekday
    }
}

/// A key of a shape.
package struct Key: Hashable, Sendable {
    /// Whether the key must be there.
    package enum Presence: Hashable, Sendable {
        case optional
        /// Missing is an error under this rule.
        case required(Rule)
        /// Missing is a warning under this rule.
        case advised(Rule)
    }

    /// As files write it.
    package var name: String
    /// What stands under it.
    package var kind: ValueKind
    /// Whether it must be there.
    package var presence: Presence
    /// What it says, one English sentence, for the reference page and editors.
    package var about: String

    static func required(_ name: String, _ kind: ValueKind, _ about: String, rule: Rule = .v01) -> Key {
        Key(name: name, kind: kind, presence: .required(rule), about: about)
    }

    static func optional(_ name: String, _ kind: ValueKind, _ about: String) -> Key {
        Key(name: name, kind: kind, presence: .optional, about: about)
    }
}

/// A map with a closed list of keys.
package struct Shape: Hashable, Sendable {
    /// By which ``ValueKind/shape(_:)`` names it.
    package var name: String
    /// What it is, one English sentence.
    package var about: String
    /// In the order in which files should write them.
    package var keys: [Key]
}

/// The closed schemas of procedure, calendar and agency files.
package enum Grammar {
    /// Every shape, the roots first.
    package static let shapes: [Shape] =
        procedureShapes + stepShapes + formShapes + exampleShapes + calendarShapes + directoryShapes + [text]

    /// The shape of that name; the table is closed, so that an unknown one is an empty shape (and a test fails).
    package static func shape(_ name: String) -> Shape {
        byName[name] ?? Shape(name: name, about: "", keys: [])
    }

    private static let byName: [String: Shape] = {
        var table: [String: Shape] = [:]
        for shape in shapes { table[shape.name] = shape }
        return table
    }()

    /// A name, a sentence.
    private static let text = Shape(
        name: "text", about: "A text in both languages.",
        keys: [
            .required("vi", .text(max: 2000), "Vietnamese: the text that binds.", rule: .v13),
            Key(name: "en", kind: .text(max: 2000), presence: .advised(.v13), about: "English."),
        ])

    static let localText = ValueKind.shape("text")
    static let words = ValueKind.shape("words")
}

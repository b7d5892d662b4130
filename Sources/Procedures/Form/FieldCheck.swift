import JSONText
import Notices
import WorkingTime

/// Checks single values against the types of fields, and gathers what is wrong.
struct FieldCheck {
    let submitted: CivilDate
    let directory: AgencyDirectory
    private(set) var problems: [JSONProblem] = []

    init(submitted: CivilDate, directory: AgencyDirectory) {
        self.submitted = submitted
        self.directory = directory
    }

    /// Whether as many problems are noted as anybody reads.
    var isFull: Bool { problems.count >= JSONProblems.countMax }

    mutating func note(_ pointer: String, _ code: String, _ vi: String, _ en: String) {
        guard !isFull else { return }
        problems.append(JSONProblem(pointer: pointer, code: code, message: JSONMessage(vi: vi, en: en)))
    }

    /// Whether the value is one of the type; what is wrong is noted.
    mutating func check(_ value: JSONValue, _ type: FieldType, at pointer: String, depth: Int) -> Bool {
        let before = problems.count
        switch type {
        case .text(let max): text(value, max: max, pointer)
        case .number(let min, let max): number(value, min, max, pointer)
        case .date(let notAfterSubmission): date(value, notAfterSubmission, pointer)
        case .yesNo:
            if value.boolValue == nil { wrongType(pointer, "true hoặc false", "true or false") }
        case .choice(let choices):
            guard let code = string(value, pointer) else { break }
            if !choices.contains(where: { $0.code == code }) {
                let list = choices.map(\.code).joined(separator: ", ")
                note(pointer, "not-a-choice", "Chọn một trong: \(list).", "It must be one of: \(list).")
            }
        case .nationalID:
            guard let digits = string(value, pointer) else { break }
            if !Self.isNationalID(digits) {
                note(
                    pointer, "national-id", "Số định danh gồm 12 chữ số, ba số đầu là mã tỉnh.",
                    "An identity number has 12 digits, of which the first three are a province's.")
            }
        case .phone:
            guard let digits = string(value, pointer) else { break }
            if !Self.isPhone(digits) {
                note(
                    pointer, "phone", "Số điện thoại bắt đầu bằng 0 hoặc +84, không có dấu cách.",
                    "A telephone number begins with 0 or +84 and has no spaces.")
            }
        case .address: address(value, pointer)
        case .area: area(value, pointer)
        case .list(let inner, let min, let max): list(value, inner, min, max, pointer, depth)
        case .group(let fields): group(value, fields, pointer, depth)
        }
        return problems.count == before
    }

    private mutating func wrongType(_ pointer: String, _ vi: String, _ en: String) {
        note(pointer, "wrong-type", "Ở đây phải là \(vi).", "There must be \(en) here.")
    }

    private mutating func string(_ value: JSONValue, _ pointer: String) -> String? {
        guard let text = value.stringValue else {
            wrongType(pointer, "văn bản", "a text")
            return nil
        }
        let isBad = text.unicodeScalars.contains { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
                || (0x2066...0x2069).contains(scalar.value)
        }
        if isBad {
            note(pointer, "control-character", "Có ký tự điều khiển.", "It holds a control character.")
            return nil
        }
        if let unseen = UnseenCharacter.first(in: text) {
            note(
                pointer, "unseen-character",
                "Ký tự thứ \(unseen.place) không nhìn thấy được (\(unseen.name)); hãy xóa và gõ lại chỗ đó.",
                "Character \(unseen.place) cannot be seen (\(unseen.name)); delete it and type that place again.")
            return nil
        }
        return text
    }

    private mutating func text(_ value: JSONValue, max: Int, _ pointer: String) {
        guard let text = string(value, pointer) else { return }
        // The blank of Braille is no space to Unicode, and one to the eye.
        if text.unicodeScalars.allSatisfy({ $0.properties.isWhitespace || $0.value == 0x2800 }) {
            note(pointer, "empty", "Chưa có nội dung.", "It is empty.")
        }
        if text.unicodeScalars.count > max {
            note(pointer, "too-long", "Dài quá \(max) ký tự.", "It is longer than \(max) characters.")
        }
    }

    private mutating func number(_ value: JSONValue, _ min: Int64, _ max: Int64, _ pointer: String) {
        guard let number = value.integerValue else { return wrongType(pointer, "số nguyên", "a whole number") }
        if number < min || number > max {
            note(pointer, "out-of-range", "Phải từ \(min) đến \(max).", "It must be from \(min) to \(max).")
        }
    }

    private mutating func date(_ value: JSONValue, _ notAfterSubmission: Bool, _ pointer: String) {
        guard let text = string(value, pointer) else { return }
        guard let date = CivilDate(text), date.year >= 1800 else {
            return note(
                pointer, "date", "Phải là ngày có thật, viết 2026-08-31.", "It must be a real date, as 2026-08-31.")
        }
        if notAfterSubmission, date > submitted {
            note(pointer, "in-the-future", "Ngày này sau ngày nộp.", "The date is after the day of submission.")
        }
    }

    /// Twelve digits; the first three name a province (001–096).
    static func isNationalID(_ text: String) -> Bool {
        let digits = Array(text.utf8)
        guard digits.count == 12, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        let province = digits.prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return (1...96).contains(province)
    }

    /// 0 or +84, then nine or ten digits.
    static func isPhone(_ text: String) -> Bool {
        let rest: Substring
        if text.hasPrefix("+84") {
            rest = text.dropFirst(3)
        } else if text.hasPrefix("0") {
            rest = text.dropFirst()
        } else {
            return false
        }
        return (9...10).contains(rest.utf8.count) && rest.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private mutating func area(_ value: JSONValue, _ pointer: String) {
        guard let code = string(value, pointer) else { return }
        if directory.areas[code] == nil {
            note(pointer, "unknown-area", "Không có xã, phường mã này.", "There is no commune with this code.")
        }
    }

    private mutating func address(_ value: JSONValue, _ pointer: String) {
        guard let object = value.objectValue else {
            return wrongType(pointer, "địa chỉ {line, commune}", "an address {line, commune}")
        }
        for member in object.members where member.key != "line" && member.key != "commune" {
            note(
                JSONPointer.member(member.key, of: pointer), "unknown-field",
                "Địa chỉ chỉ có “line” và “commune”.", "An address has “line” and “commune” only.")
        }
        for key in ["line", "commune"] {
            let place = JSONPointer.member(key, of: pointer)
            guard let inner = object[key], !inner.isNull else {
                note(place, "required", "Thiếu “\(key)”.", "“\(key)” is missing.")
                continue
            }
            if key == "line" { text(inner, max: 300, place) } else { area(inner, place) }
        }
    }

    private mutating func list(
        _ value: JSONValue, _ inner: FieldType, _ min: Int, _ max: Int, _ pointer: String, _ depth: Int
    ) {
        guard let items = value.arrayValue else { return wrongType(pointer, "danh sách", "a list") }
        if items.count < min || items.count > max {
            note(pointer, "count", "Phải có từ \(min) đến \(max) mục.", "There must be from \(min) to \(max) entries.")
        }
        for (place, item) in items.prefix(max).enumerated() where !isFull {
            _ = check(item, inner, at: JSONPointer.element(place, of: pointer), depth: depth + 1)
        }
    }

    private mutating func group(_ value: JSONValue, _ fields: [Field], _ pointer: String, _ depth: Int) {
        guard let object = value.objectValue else { return wrongType(pointer, "một đối tượng", "an object") }
        for member in object.members where !isFull {
            let place = JSONPointer.member(member.key, of: pointer)
            guard let field = fields.first(where: { $0.name == member.key }) else {
                let near = NearestKey.of(member.key, among: fields.map(\.name))
                note(
                    place, "unknown-field", "Không có trường này." + (near.map { " Có phải là “\($0)”?" } ?? ""),
                    "There is no such field." + (near.map { " Do you mean “\($0)”?" } ?? ""))
                continue
            }
            if !member.value.isNull { _ = check(member.value, field.type, at: place, depth: depth + 1) }
        }
        for field in fields where field.required && (object[field.name]?.isNull ?? true) {
            note(
                JSONPointer.member(field.name, of: pointer), "required", "Thiếu “\(field.title.vi)”.",
                "“\(field.title.en ?? field.title.vi)” is missing.")
        }
    }
}

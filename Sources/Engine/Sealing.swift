import Dossiers
import JSONText
import Procedures
import Store
import Vault
import WorkingTime

/// Turns what people typed into what the core may see: codes and references. The text itself is sealed (R2).
struct Sealing: Sendable {
    let vault: PersonalVault
    let target: DossierRef
    let at: Instant
    private(set) var rows: [SealedRow] = []
    private let key: DataKey

    /// Seals under a dossier's own key.
    init(vault: PersonalVault, target: DossierRef, key: DataKey, at: Instant) {
        self.vault = vault
        self.target = target
        self.key = key
        self.at = at
    }

    /// Seals `text` as a section. What is sealed is a 32-byte salt and then the text, so that the commitment can be checked
    /// by whoever may read it, and by nobody else.
    mutating func seal(_ text: [UInt8], section: String) throws -> SealedReference {
        let salt = PersonalVault.newSalt()
        let sealed = try key.seal(salt + text, section: section)
        rows.append(SealedRow(dossier: target.id, section: section, ciphertext: sealed, createdAt: at))
        return SealedReference(section: section, commitment: try PersonalVault.commitment(salt: salt, text))
    }

    /// The plaintext of a section without its salt; nil where it is too short to be one of ours.
    static func opened(_ plaintext: [UInt8]) -> [UInt8]? {
        plaintext.count >= 32 ? Array(plaintext.dropFirst(32)) : nil
    }
}

/// Reads what a performer said, by the shape of its JSON.
struct SaidReader {
    /// Texts to seal: the name of the section's last part, and the text.
    private(set) var texts: [(name: String, text: [UInt8])] = []
    private(set) var problems: [JSONProblem] = []
    private var said: [String: Said] = [:]

    /// Reads every member; sealed texts stand with an empty commitment until they are sealed.
    init(_ object: JSONObject, pointer: String) {
        for member in object.members {
            read(member.key, member.value, JSONPointer.member(member.key, of: pointer))
        }
    }

    /// Whether something must be sealed.
    var needsSealing: Bool { !texts.isEmpty }

    /// What was said, with every text sealed by `seal`.
    func sealed(by seal: (_ name: String, _ text: [UInt8]) throws -> SealedReference) rethrows -> [String: Said] {
        var result = said
        for (name, text) in texts {
            let reference = try seal(name, text)
            if case .reason(let code, _) = result[name] {
                result[name] = .reason(code: code, note: reference)
            } else {
                result[name] = .sealed(reference)
            }
        }
        return result
    }

    private mutating func read(_ name: String, _ value: JSONValue, _ pointer: String) {
        switch value {
        case .bool(let value): said[name] = .yesNo(value)
        case .string(let text): texts.append((name, Array(text.utf8)))
        case .array(let items):
            let names = items.compactMap { item -> String? in
                if case .string(let text) = item { return text }
                return nil
            }
            guard names.count == items.count else { return complain(pointer, .wrongType) }
            said[name] = .documents(names)
        case .object(let object): readObject(name, object, pointer)
        case .null, .integer, .number: complain(pointer, .wrongType)
        }
    }

    private mutating func readObject(_ name: String, _ object: JSONObject, _ pointer: String) {
        if case .string(let code) = object["code"] {
            guard object.keys.allSatisfy({ ["code", "note"].contains($0) }) else {
                return complain(pointer, .wrongType)
            }
            said[name] = .reason(code: code, note: nil)
            switch object["note"] {
            case nil, .null: break
            case .string(let note): texts.append((name, Array(note.utf8)))
            default: complain(pointer + "/note", .wrongType)
            }
            return
        }
        guard object.count == 1, let only = object.members.first, case .string(let text) = only.value else {
            return complain(pointer, .wrongType)
        }
        switch only.key {
        case "date":
            guard let date = CivilDate(text) else { return complain(pointer + "/date", .badValue) }
            said[name] = .date(date)
        case "instant":
            guard let instant = Instant(iso8601: text) else { return complain(pointer + "/instant", .badValue) }
            said[name] = .instant(instant)
        case "agency": said[name] = .agency(text)
        default: complain(pointer, .wrongType)
        }
    }

    private enum Flaw {
        case wrongType
        case badValue
    }

    private mutating func complain(_ pointer: String, _ flaw: Flaw) {
        let message =
            switch flaw {
            case .wrongType:
                JSONMessage(
                    vi: #"Giá trị không đúng kiểu: dùng văn bản, true/false, danh sách giấy tờ, {"code", "note"}, "#
                        + #"{"date"}, {"instant"} hoặc {"agency"}."#,
                    en: #"The value has the wrong type: use text, true/false, a list of documents, {"code", "note"}, "#
                        + #"{"date"}, {"instant"} or {"agency"}."#)
            case .badValue:
                JSONMessage(vi: "Ngày hoặc giờ không hợp lệ.", en: "Not a valid date or time.")
            }
        problems.append(
            JSONProblem(
                pointer: pointer, code: flaw == .wrongType ? "wrong-type" : "bad-value", message: message))
    }
}

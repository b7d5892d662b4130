import JSONText
import Notices
import Procedures
import WorkingTime

extension DossierID: Stored {
    func write(to json: inout CanonicalWriter) { json.string(description) }
    init(json: JSONValue) throws(Unreadable) {
        guard let id = DossierID(try String(json: json)) else { throw Unreadable("a dossier's identity was expected") }
        self = id
    }
}

extension DossierRef: Stored {
    func write(to json: inout CanonicalWriter) {
        json.array { parts in
            parts.integer(Int64(province))
            id.write(to: &parts)
        }
    }
    init(json: JSONValue) throws(Unreadable) {
        guard let parts = json.arrayValue, parts.count == 2,
            let province = Int16(exactly: try Int64(json: parts[0]))
        else { throw Unreadable("a dossier was expected") }
        self.init(province: province, id: try DossierID(json: parts[1]))
    }
}

extension FactValue: Stored {
    func write(to json: inout CanonicalWriter) {
        switch self {
        case .yesNo(let value): json.bool(value)
        case .text(let text): json.string(text)
        case .number(let number): json.integer(number)
        case .date(let date): json.array { date.write(to: &$0) }
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        switch json {
        case .bool(let value): self = .yesNo(value)
        case .string(let text): self = .text(text)
        case .integer(let number): self = .number(number)
        case .array(let elements) where elements.count == 1: self = .date(try CivilDate(json: elements[0]))
        default: throw Unreadable("a fact was expected")
        }
    }
}

extension NodeIndex: Stored {
    func write(to json: inout CanonicalWriter) { value.write(to: &json) }
    init(json: JSONValue) throws(Unreadable) { self.init(try Int(json: json)) }
}

extension EndIndex: Stored {
    func write(to json: inout CanonicalWriter) { value.write(to: &json) }
    init(json: JSONValue) throws(Unreadable) { self.init(try Int(json: json)) }
}

extension SealedReference: Stored {
    func write(to json: inout CanonicalWriter) { [section, hexadecimal(commitment)].write(to: &json) }

    init(json: JSONValue) throws(Unreadable) {
        let parts = try [String](json: json)
        guard parts.count == 2, let commitment = unhexed(parts[1]) else {
            throw Unreadable("a sealed reference was expected")
        }
        self.init(section: parts[0], commitment: commitment)
    }
}

/// The bytes in lower-case hexadecimal.
private func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// The bytes that lower-case hexadecimal stands for; nil for anything else.
private func unhexed(_ text: String) -> [UInt8]? {
    var halves: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): halves.append(byte - 48)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): halves.append(byte - 87)
        default: return nil
        }
    }
    guard halves.count % 2 == 0 else { return nil }
    return stride(from: 0, to: halves.count, by: 2).map { halves[$0] << 4 | halves[$0 + 1] }
}

extension Said: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            switch self {
            case .reason(let code, let note):
                members.put("n", note)
                members.put("r", code)
            // One list inside another: an empty list is written too.
            case .documents(let names): members.put("d", [names])
            case .date(let date): members.put("t", date)
            case .instant(let instant): members.put("i", instant)
            case .yesNo(let value): members.put("y", value)
            case .sealed(let reference): members.put("s", reference)
            case .agency(let code): members.put("a", code)
            }
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        if let code: String = try members.find("r") {
            self = .reason(code: code, note: try members.find("n"))
        } else if let lists: [[String]] = try members.find("d") {
            self = .documents(lists.first ?? [])
        } else if let date: CivilDate = try members.find("t") {
            self = .date(date)
        } else if let instant: Instant = try members.find("i") {
            self = .instant(instant)
        } else if let value: Bool = try members.find("y") {
            self = .yesNo(value)
        } else if let reference: SealedReference = try members.find("s") {
            self = .sealed(reference)
        } else {
            self = .agency(try members.get("a"))
        }
    }
}

extension Actor: Stored {
    func write(to json: inout CanonicalWriter) {
        switch self {
        case .officer(let id, let agency, let roles): (["o", id, agency] + roles).write(to: &json)
        case .applicant(let through): ["a", through].write(to: &json)
        case .connector(let name): ["c", name].write(to: &json)
        case .engine: ["e"].write(to: &json)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let parts = try [String](json: json)
        switch (parts.first, parts.count) {
        case ("o", 3...): self = .officer(id: parts[1], agency: parts[2], roles: Array(parts[3...]))
        case ("a", 2): self = .applicant(through: parts[1])
        case ("c", 2): self = .connector(parts[1])
        case ("e", 1): self = .engine
        default: throw Unreadable("an actor was expected")
        }
    }
}

extension State.Parent: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("a", activation)
            members.put("d", dossier)
            members.put("l", limitsFrom)
            members.put("p", part)
            members.put("r", root)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        self.init(
            dossier: try members.get("d"), activation: try members.get("a"), root: try members.get("r"),
            limitsFrom: try members.get("l"), part: try members.get("p"))
    }
}

extension Message.LimitSource: Stored {
    func write(to json: inout CanonicalWriter) {
        json.array { parts in
            parts.string(procedure)
            parts.integer(Int64(version))
            parts.string(node)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        guard let parts = json.arrayValue, parts.count == 3 else { throw Unreadable("a source of limits was expected") }
        procedure = try String(json: parts[0])
        version = try Int(json: parts[1])
        node = try String(json: parts[2])
    }
}

extension State.Running.Linked: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("d", dossier)
            members.put("h", heard == 0 ? nil : heard)
            members.flag("l", waited)
            members.put("n", procedure)
            members.put("p", promised)
            members.put("s", stopSentAt)
            members.put("u", waitsUntil)
            members.put("v", version)
            members.flag("w", waits)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        self.init(
            dossier: try members.get("d"), procedure: try members.get("n"), version: try members.get("v"))
        promised = try members.find("p")
        stopSentAt = try members.find("s")
        heard = try members.find("h") ?? 0
        waitsUntil = try members.find("u")
        waits = try members.flag("w")
        waited = try members.flag("l")
    }
}

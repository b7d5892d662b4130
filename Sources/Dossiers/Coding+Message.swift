import JSONText
import Notices
import Procedures
import WorkingTime

extension Message {
    /// The canonical bytes, as the agenda stores them.
    package func encoded() -> [UInt8] { bytes }

    /// Reads what ``encoded()`` wrote.
    /// - Throws: ``Unreadable``.
    package init(decoding bytes: [UInt8]) throws(Unreadable) { try self.init(bytes: bytes) }
}

extension Message: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("a", activation)
            members.put("f", from)
            members.put("n", number)
            members.put("t", to)
            switch body {
            case .start(let start): members.put("b", start)
            case .stop: members.put("x", true)
            case .standing(let standing): members.put("s", [standing])
            case .ended(let ended): members.put("e", ended)
            case .siblings(let known): members.put("w", known)
            }
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        let body: Body
        if let start: Start = try members.find("b") {
            body = .start(start)
        } else if let standing = try members.find("s", as: [Standing].self)?.first {
            body = .standing(standing)
        } else if let ended: Ended = try members.find("e") {
            body = .ended(ended)
        } else if let known: [DossierRef] = try members.find("w") {
            body = .siblings(known)
        } else if try members.flag("x") {
            body = .stop
        } else {
            throw Unreadable("a message says nothing")
        }
        self.init(
            from: try members.get("f"), to: try members.get("t"), activation: try members.get("a"),
            number: try members.get("n"), body: body)
    }
}

extension Message.Start: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("a", agency)
            members.put("c", centre)
            members.put("f", facts)
            members.put("h", contentHash)
            members.put("k", channel.rawValue)
            members.put("l", limitsFrom)
            members.put("n", procedure)
            members.put("o", origin)
            members.put("p", part)
            members.put("r", root)
            members.put("s", submitted)
            members.put("v", version)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        self.init(
            procedure: try members.get("n"), version: try members.get("v"), contentHash: try members.get("h"),
            root: try members.get("r"), centre: try members.get("c"), agency: try members.get("a"),
            channel: try stored(try members.get("k", as: Int.self)), submitted: try members.get("s"),
            origin: try members.get("o"), limitsFrom: try members.get("l"), facts: try members.map("f"),
            part: try members.get("p"))
    }
}

extension Message.Standing: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("f", facts)
            members.flag("l", waited)
            members.put("p", promised)
            members.put("r", restarted)
            members.put("u", waitsUntil)
            members.flag("w", waits)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        self.init(
            waits: try members.flag("w"), waitsUntil: try members.find("u"), promised: try members.find("p"),
            waited: try members.flag("l"), restarted: try members.find("r"), facts: try members.map("f"))
    }
}

extension Message.Ended: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("a", at)
            members.put("e", end)
            members.put("g", gave)
            members.put("o", result.rawValue)
            members.put("r", reason)
            members.put("s", [standing])
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        self.init(
            end: try members.get("e"), result: try stored(try members.get("o")), reason: try members.find("r"),
            gave: try members.list("g"), at: try members.get("a"),
            standing: try members.list("s", of: Message.Standing.self).first ?? Message.Standing(waits: false))
    }
}

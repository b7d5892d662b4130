import JSONText
import Notices
import Procedures
import WorkingTime

extension State {
    /// The canonical bytes, with the fold's number: under 1.5 kB for the flagship (R11).
    package func encoded() -> [UInt8] { bytes }

    /// Reads what ``encoded()`` wrote.
    /// - Throws: ``Unreadable``; of another fold, when the state must be folded again from its events (R5).
    package init(decoding bytes: [UInt8]) throws(Unreadable) { try self.init(bytes: bytes) }
}

extension State: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            // In the canonical order, so that nothing has to be moved.
            members.put("C", clock)
            members.put("E", ending)
            members.put("F", Self.fold)
            members.put("I", leaving.sorted { $0.key < $1.key }.map { ["\($0.key)", $0.value] })
            members.put("L", code)
            members.put("N", codeWanted)
            members.put("P", parent)
            members.put("R", running)
            switch phase {
            case .running: break
            case .stopping: members.flag("S", true)
            case .ended(let end, let result, let at):
                members.put("X", end)
                members.put("Y", result.rawValue)
                members.put("Z", at)
            }
            members.put("a", agency)
            members.put("b", siblings)
            members.put("c", centre)
            members.put("d", dossier)
            members.put("e", reason)
            members.put("f", facts)
            members.put("g", gave)
            members.put("h", contentHash)
            members.put("k", channel.rawValue)
            members.count("l", lastActivation)
            members.put("m", missing)
            members.put("n", procedure)
            members.put("o", chosen)
            members.put("p", parts)
            members.put("q", sequence)
            members.put("r", recorded)
            members.count("s", messagesSent)
            members.put("t", rerouted)
            members.put("u", published)
            members.put("v", version)
            members.put("w", withdrawal)
            members.put("y", performers)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        let fold: Int = try members.get("F")
        guard fold == Self.fold else { throw Unreadable("the state is of fold \(fold), not \(Self.fold)") }
        self.init(
            Event.Submitted(
                dossier: try members.get("d"), procedure: try members.get("n"), version: try members.get("v"),
                contentHash: try members.get("h"), calendarHash: "",
                channel: try stored(try members.get("k", as: Int.self)), centre: try members.get("c"),
                agency: try members.get("a"), submitted: .earliest, facts: try members.map("f"),
                parent: try members.find("P")),
            moment: Moment(arrived: .earliest, recorded: try members.get("r")))
        siblings = try members.list("b")
        sequence = try members.get("q")
        clock = try members.get("C")
        running = try members.list("R")
        lastActivation = try members.count("l")
        parts = try members.list("p")
        chosen = try members.map("o")
        performers = try members.map("y")
        code = try members.find("L")
        codeWanted = try members.find("N")
        withdrawal = try members.find("w")
        gave = try members.list("g")
        reason = try members.find("e")
        missing = try members.list("m")
        published = try members.get("u")
        messagesSent = try members.count("s")
        rerouted = try members.map("t")
        ending = try members.find("E")
        for pair in try members.list("I", of: [String].self) {
            guard pair.count == 2, let activation = Int(pair[0]) else {
                throw Unreadable("what is left has an activation and a name")
            }
            leaving[activation] = pair[1]
        }
        if let end: String = try members.find("X") {
            phase = .ended(end: end, result: try stored(try members.get("Y")), at: try members.get("Z"))
        } else if try members.flag("S") {
            phase = .stopping
        }
    }
}

extension State.Running: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("a", activation)
            members.put("b", answerBy)
            members.count("c", claims)
            members.put("d", due)
            members.put("f", fork)
            members.put("g", agency)
            members.put("h", officer)
            members.put("k", link)
            members.flag("l", late)
            members.put("m", reminded)
            members.put("n", node)
            members.put("o", opened)
            members.put("r", retryAfter)
            members.count("x", failures)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        self.init(
            activation: try members.get("a"), node: try members.get("n"), fork: try members.find("f"),
            opened: try members.get("o"), agency: try members.find("g"), due: try members.find("d"),
            answerBy: try members.find("b"), link: try members.find("k"))
        officer = try members.find("h")
        claims = try members.count("c")
        late = try members.flag("l")
        failures = try members.count("x")
        retryAfter = try members.find("r")
        reminded = try members.find("m")
    }
}

extension State.Part: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("a", activation)
            members.put("n", name)
            members.put("o", outcome)
            members.put("r", reason)
            members.put("t", at)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        self.init(
            activation: try members.get("a"), name: try members.get("n"), outcome: try members.get("o"),
            reason: try members.find("r"), at: try members.get("t"))
    }
}

extension State.CodeWanted: Stored {
    func write(to json: inout CanonicalWriter) {
        json.array { parts in
            parts.string(agency)
            day.write(to: &parts)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        guard let parts = json.arrayValue, parts.count == 2 else { throw Unreadable("a wanted code was expected") }
        self.init(agency: try String(json: parts[0]), day: try CivilDate(json: parts[1]))
    }
}

extension State.Published: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.count("c", count)
            members.put("g", stage.rawValue)
            members.put("m", milestone)
            members.put("s", status.rawValue)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        self.init(
            count: try members.count("c"), status: try stored(try members.get("s", as: Int.self)),
            stage: try stored(try members.get("g")), milestone: try members.find("m"))
    }
}

extension LegalClock: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("a", accepted)
            members.count("b", reappointments)
            members.put("c", promiseCause?.rawValue)
            members.put("d", promised)
            members.count("e", epoch)
            members.put("f", firstPromised)
            members.put("h", receptionHeldAt)
            members.put("i", received)
            members.flag("l", late)
            members.put("n", open.sorted { $0.key < $1.key }.map { [Int64($0.key), $0.value.microseconds] })
            members.put("o", origin)
            members.put("p", pauses)
            members.put("q", pastPauses)
            members.put("r", receptionDue)
            members.put("s", submitted)
            members.flag("w", warned)
            members.put("x", stopped)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        self.init(
            submitted: try members.get("s"), accepted: try members.find("a"), origin: try members.find("o"))
        epoch = try members.count("e")
        pauses = try members.list("p")
        pastPauses = try members.list("q")
        for pair in try members.list("n", of: [Int64].self) {
            guard pair.count == 2 else { throw Unreadable("an open pause has a key and a time") }
            open[Int(pair[0])] = Instant(microseconds: pair[1])
        }
        receptionDue = try members.find("r")
        receptionHeldAt = try members.find("h")
        received = try members.find("i")
        stopped = try members.find("x")
        promised = try members.find("d")
        firstPromised = try members.find("f")
        if let cause: String = try members.find("c") { promiseCause = try stored(cause) }
        reappointments = try members.count("b")
        late = try members.flag("l")
        warned = try members.flag("w")
    }
}

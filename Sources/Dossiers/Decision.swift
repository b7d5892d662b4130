import Procedures
import WorkingTime

/// What a command does to a dossier.
package struct Decision: Hashable, Sendable {
    /// What happened, in order; empty when there was nothing to do.
    package var events: [Event]
    /// The state after the events.
    package var state: State

    /// Joins both.
    package init(events: [Event], state: State) {
        self.events = events
        self.state = state
    }
}

/// Decides a command on a dossier: pure, without I/O, clock or chance.
///
/// A timer, a message and a code number never throw on a dossier that is there: for something that is over they record a
/// late result or nothing. `moment.arrived` of a message is the sender's, so that lateness of the post is nobody's.
/// - Parameter state: nil where the dossier is not there yet; then only `submit` and the message `start` are taken.
/// - Throws: ``Refusal``; nothing has changed then.
package func decide(
    _ state: State?, _ command: Command, by: Actor, at moment: Moment, in world: World
) throws(Refusal) -> Decision {
    guard let state else { return try Deciding.begin(command, by: by, at: moment, in: world) }
    var deciding = Deciding(state, by: by, at: moment, in: world, isMachine: command.isMachine)
    let before = deciding.standing
    do throws(Refusal) {
        try deciding.perform(command)
        try deciding.conclude(before: before)
    } catch {
        // A machine has nobody to be told "no": what it wanted is over or cannot be, and nothing changes.
        if command.isMachine { return Decision(events: [], state: state) }
        throw error
    }
    return Decision(events: deciding.events, state: deciding.state)
}

extension Command {
    /// Whether it tells of something outside the dossier by which timers are computed: they may have to be armed anew
    /// although nothing happens to the dossier.
    package var isAmendment: Bool {
        switch self {
        case .calendarAmended, .directoryAmended: true
        default: false
        }
    }

    /// Whether the engine itself gives this command: it cannot be refused.
    var isMachine: Bool {
        switch self {
        case .timer, .message, .issueCode, .calendarAmended, .directoryAmended: true
        default: false
        }
    }
}

/// One command while it is decided. Events are applied as they are emitted, so that they and the state cannot differ.
struct Deciding {
    let world: World
    let by: Actor
    let at: Moment
    /// No person waits for the answer: what cannot be computed is left out rather than refused.
    let isMachine: Bool
    private(set) var state: State
    private(set) var events: [Event] = []
    /// The instant of completion, when this command restarted the clock.
    var restartedAt: Instant?
    /// Something that the citizen sees has changed since the last publication.
    var isUntold = false
    /// Steps that this command entered and left at once; bounds what a faulty file could loop through.
    var passings = 0

    init(_ state: State, by: Actor, at: Moment, in world: World, isMachine: Bool) {
        self.state = state
        self.by = by
        self.at = at
        self.world = world
        self.isMachine = isMachine
    }

    /// Begins a dossier with its first event.
    init(_ submitted: Event.Submitted, by: Actor, at: Moment, in world: World, isMachine: Bool) {
        let first = Event(sequence: 1, moment: at, by: by, body: .submitted(submitted))
        self.init(evolve(nil, first), by: by, at: at, in: world, isMachine: isMachine)
        events = [first]
    }

    var procedure: Procedure { world.procedure }
    var arrived: Instant { at.arrived }
    var hasEnded: Bool { state.hasEnded }

    mutating func emit(_ body: Event.Body) {
        let event = Event(
            sequence: state.sequence &+ 1,
            moment: Moment(arrived: at.arrived, recorded: max(at.recorded, state.recorded)), by: by, body: body)
        events.append(event)
        state = evolve(state, event)
    }

    mutating func perform(_ command: Command) throws(Refusal) {
        // Who was born together does not depend on how far a dossier is.
        if case .message(let message) = command, case .siblings(let known) = message.body {
            return meet(known, from: message.from)
        }
        if hasEnded {
            if case .message(let message) = command { return recordLate(message) }
            if command.isMachine { return }
            if case .connector = by { return recordLate(command) }
            throw .hasEnded
        }
        switch command {
        case .submit: throw .existsAlready
        case .complete(let activation, let outcome, let said): try complete(activation, outcome, said)
        case .claim(let activation): try claim(activation)
        case .release(let activation): try release(activation)
        case .reassign(let activation, let officer): try reassign(activation, to: officer)
        case .answer(let activation, let said): try answer(activation, said)
        case .withdraw(let said): try withdraw(said)
        case .reappoint(let date, let said): try reappoint(to: date, said)
        case .timer(let key, let due): try fire(key, due: due)
        case .message(let message): try receive(message)
        case .issueCode(let number): issueCode(number)
        case .callFailed(let activation): try callFailed(activation)
        case .calendarAmended: try promise(.calendar)
        case .directoryAmended: try succeed()
        case .tell(let message, let said): try hear(message, said)
        }
    }

    /// What every command ends with: the parent hears of what concerns it, the citizen of what was not told yet.
    mutating func conclude(before: Message.Standing?) throws(Refusal) {
        if isUntold, !hasEnded { publishUnchanged() }
        guard let parent = state.parent, !events.isEmpty else { return }
        let standing = self.standing
        if case .ended(let end, let result, let at) = state.phase {
            guard events.contains(where: { $0.body.isEnd }) else { return }
            let ended = Message.Ended(
                end: end, result: result, reason: result == .issued ? nil : state.reason, gave: state.gave,
                at: state.clock.stopped ?? at, standing: standing ?? Message.Standing(waits: false))
            send(.ended(ended), to: parent.dossier, activation: parent.activation)
        } else if let standing, standing != before {
            send(.standing(standing), to: parent.dossier, activation: parent.activation)
        }
    }

    mutating func send(_ body: Message.Body, to target: DossierRef, activation: Int) {
        emit(
            .sent(
                Message(
                    from: state.dossier, to: target, activation: activation, number: state.messagesSent &+ 1,
                    body: body)))
    }

    private mutating func issueCode(_ number: Int64) {
        guard let wanted = state.codeWanted, number > 0 else { return }
        let (year, month, day) = wanted.day.parts
        let date = [year % 100, month, day].map { padded($0, 2) }.joined()
        emit(.coded("\(wanted.agency)-\(date)-\(padded(number, 4))"))
    }
}

/// `value` in decimal with leading zeros up to `width`; longer numbers stay whole.
func padded(_ value: some BinaryInteger, _ width: Int) -> String {
    let digits = String(value)
    return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}

extension Event.Body {
    /// Whether the dossier ended by it.
    var isEnd: Bool {
        if case .ended = self { true } else { false }
    }
}

extension State {
    /// Whether the dossier has ended.
    package var hasEnded: Bool {
        if case .ended = phase { true } else { false }
    }
}

import Procedures
import WorkingTime

extension Deciding {
    /// The commands that make a dossier.
    static func begin(
        _ command: Command, by: Actor, at moment: Moment, in world: World
    ) throws(Refusal) -> Decision {
        var deciding: Deciding
        switch command {
        case .submit(let submission):
            deciding = try submitted(submission, by: by, at: moment, in: world)
            deciding.greetSibling()
            try deciding.startReception()
            try deciding.open(world.procedure.start, fork: nil)
        case .message(let message):
            guard case .start(let start) = message.body else { throw .isNotThere }
            deciding = started(start, by: message, at: moment, in: world)
            try deciding.promise(.acceptance)
            try deciding.open(world.procedure.linkedStart ?? world.procedure.start, fork: nil)
        default: throw .isNotThere
        }
        try deciding.conclude(before: nil)
        return Decision(events: deciding.events, state: deciding.state)
    }

    private static func submitted(
        _ submission: Submission, by: Actor, at moment: Moment, in world: World
    ) throws(Refusal) -> Deciding {
        let procedure = world.procedure
        guard procedure.code != nil else { throw .onlyLinked(procedure) }
        guard procedure.effective.covers(moment.arrived.date) else { throw .notInForce(procedure) }
        let calendar = world.calendar(of: submission.centre)
        let first = Event.Submitted(
            dossier: submission.dossier, procedure: procedure.name, version: procedure.version,
            contentHash: procedure.contentHash, calendarHash: calendar?.contentHash ?? "",
            channel: submission.channel, centre: submission.centre, agency: submission.centre,
            submitted: moment.arrived, facts: submission.facts, documents: submission.documents,
            sibling: submission.sibling)
        return Deciding(first, by: by, at: moment, in: world, isMachine: false)
    }

    private static func started(
        _ start: Message.Start, by message: Message, at moment: Moment, in world: World
    ) -> Deciding {
        let parent = State.Parent(
            dossier: message.from, activation: message.activation, root: start.root, limitsFrom: start.limitsFrom,
            part: start.part)
        let first = Event.Submitted(
            dossier: message.to, procedure: start.procedure, version: start.version, contentHash: start.contentHash,
            calendarHash: world.calendar(of: start.centre)?.contentHash ?? "", channel: start.channel,
            centre: start.centre, agency: start.agency, submitted: start.submitted, facts: start.facts,
            parent: parent, origin: start.origin)
        return Deciding(first, by: .engine, at: moment, in: world, isMachine: true)
    }

    /// The reception clock runs from submission where the file has one.
    private mutating func startReception() throws(Refusal) {
        guard let limit = procedure.reception else { return }
        if let due = try due(after: arrived, limit, calendar: centreCalendar) { emit(.receptionDue(due)) }
    }
}

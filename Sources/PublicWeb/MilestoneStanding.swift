import Notices

/// Where a milestone of the page stands.
enum MilestoneStanding: String, Hashable, Sendable {
    case done
    case current
    /// The dossier ended here, before its last milestone.
    case ended
    case ahead
    /// The dossier ended before it came.
    case dropped

    /// Each milestone with its standing; none is current when the lit one is unknown.
    static func all(of notice: Notice) -> [(Notice.PublicMilestone, MilestoneStanding)] {
        let lit = notice.milestones.firstIndex { $0.key == notice.milestone }
        return notice.milestones.enumerated().map { place, milestone in
            guard let lit else { return (milestone, .ahead) }
            if place < lit { return (milestone, .done) }
            if place == lit, notice.stage == .returned { return (milestone, .done) }
            let isOver = [.refused, .withdrawn, .terminated, .returned].contains(notice.stage)
            if place == lit { return (milestone, isOver ? .ended : .current) }
            return (milestone, isOver ? .dropped : .ahead)
        }
    }
}

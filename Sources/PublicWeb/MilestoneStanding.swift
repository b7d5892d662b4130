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

    /// The standing of each milestone, in their order; none is current when the lit one is unknown.
    static func all(of notice: Notice) -> [MilestoneStanding] {
        let milestones = notice.milestones
        let key = notice.milestone
        guard let lit = milestones.firstIndex(where: { $0.key == key }) else {
            return Array(repeating: .ahead, count: milestones.count)
        }
        let isReturned = notice.stage == .returned
        let isOver =
            switch notice.stage {
            case .refused, .withdrawn, .terminated, .returned: true
            default: false
            }
        return milestones.indices.map { place in
            if place < lit { return .done }
            if place == lit { return isReturned ? .done : isOver ? .ended : .current }
            return isOver ? .dropped : .ahead
        }
    }
}

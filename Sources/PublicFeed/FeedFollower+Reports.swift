import Logging
import Metrics

/// What the follower tells the operator.
extension FeedFollower {
    func report(_ hole: FeedBatch.Hole?, of province: Int16) {
        guard holes[province] != hole else { return }
        holes[province] = hole
        guard let hole else { return }
        Counter(label: "feed_holes_total").increment()
        logger.critical(
            "the sequence of a province has a hole; its feed waits there",
            metadata: ["province": "\(province)", "at": "\(hole)"])
    }

    func report(_ standings: [DossierStanding], of batch: FeedBatch) {
        guard !standings.isEmpty else { return }
        Counter(label: "feed_notices_total").increment(by: batch.notices.count)
        for unread in batch.unread {
            Counter(label: "feed_unread_notices_total").increment()
            logger.error(
                "a notice cannot be read and is set aside",
                metadata: [
                    "province": "\(batch.province)", "dossier": "\(unread.dossier)", "number": "\(unread.number)",
                    "reason": "\(unread.reason)",
                ])
        }
        for notice in batch.doctored {
            Counter(label: "feed_doctored_notices_total").increment()
            logger.critical(
                "a notice is not what its leaf commits to; run `motcua verify`",
                metadata: [
                    "province": "\(batch.province)", "n": "\(notice.n)", "dossier": "\(notice.dossier)",
                    "number": "\(notice.number)",
                ])
        }
        for gap in standings where gap.taken < gap.number {
            Counter(label: "feed_gaps_total").increment()
            logger.warning(
                "a dossier's notices have a gap",
                metadata: [
                    "province": "\(batch.province)", "dossier": "\(gap.dossier)",
                    "missing": "\(gap.number - gap.taken)",
                ])
        }
    }
}

import Notices
import WorkingTime

@testable import PublicFeed

/// Notices of accepted dossiers, as the public streams tell them.
enum Told {
    static func code(_ dossier: Int, agency: String = "H17") -> String {
        let digits = String(dossier)
        return "\(agency)-260303-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    static func notice(
        province: Int16 = 1, _ dossier: Int, _ number: Int, _ stage: PublicStage = .processing, agency: String = "H17",
        procedure: String = "birth"
    ) -> Notice {
        var notice = Some.notice(province: province, dossier, number, legalCode: code(dossier, agency: agency))
        notice.stage = stage
        notice.status = stage.status
        notice.procedure = procedure
        return notice
    }

    /// `count` dossiers, each accepted by one notice, from leaf `start` on.
    static func accepted(_ count: Int, from start: Int = 0, agencies: [String] = ["H17", "H18"]) -> [FeedWorld
        .Sequenced]
    {
        (start..<start + count).map { n in
            FeedWorld.Sequenced(
                n: Int64(n), notice: notice(n + 1, 1, .accepted, agency: agencies[n % agencies.count]),
                lookUp: Some.code(n + 1))
        }
    }

    static func told(_ notice: Notice, n: Int64, at seconds: Int64) -> ToldNotice {
        ToldNotice(n: n, sequencedAt: Instant(microseconds: seconds * 1_000_000), notice: notice)
    }

    static let province = FeedChannel(province: 1, kind: .province)
}

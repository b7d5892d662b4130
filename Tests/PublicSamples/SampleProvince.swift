package import Notices
package import WorkingTime

/// Half a year of a made-up province: agencies, procedures and dossiers that nobody ever handed in.
package enum SampleProvince {
    /// When its figures are looked at.
    package static let now = Samples.moment("2026-06-17T10:20")

    private static let agencies = [
        ("000.00.01.H17", "Trung tâm Phục vụ hành chính công phường Hải Châu"),
        ("000.00.02.H17", "Trung tâm Phục vụ hành chính công phường Sơn Trà"),
        ("000.00.03.H17", "Trung tâm Phục vụ hành chính công xã Hòa Vang"),
        ("000.00.04.H17", "Trung tâm Phục vụ hành chính công phường Ngũ Hành Sơn"),
    ]

    private static let procedures = [
        ("birth", "1.001193", "Đăng ký khai sinh", "ho-tich", 2),
        ("marriage", "1.000894", "Đăng ký kết hôn", "ho-tich", 3),
        ("residence", "1.004222", "Đăng ký thường trú", "cu-tru", 7),
        ("health-card", "2.001177", "Cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi", "bao-hiem", 5),
        ("copy", "2.000815", "Chứng thực bản sao từ bản chính", "chung-thuc", 1),
        (
            "land", "1.012756", "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất", "dat-dai",
            20
        ),
    ]

    /// Every notice of `count` dossiers.
    package static func notices(_ count: Int, seed: UInt64 = 7) -> [Notice] {
        var source = Draws(state: seed)
        return (0..<count).flatMap { dossier($0, &source) }
    }

    private static func dossier(_ index: Int, _ source: inout Draws) -> [Notice] {
        let (agency, name) = agencies[min(source.below(6), agencies.count - 1)]
        let procedure = procedures[source.below(procedures.count)]
        let start = Samples.moment("2026-01-05T07:40").adding(seconds: Int64(source.below(163 * 86_400)))
        let accepted = start.adding(seconds: Int64(source.below(5 * 3_600)))
        let limit = Int64(procedure.4) * 86_400
        let promised = Instant(
            date: accepted.date.adding(days: procedure.4 + 1), time: TimeOfDay(hour: 17, minute: 0) ?? .midnight)
        let id = "0193e3a0-0000-7000-9000-" + String(repeating: "0", count: 12 - String(index).count) + String(index)
        var told: [Notice] = []
        func tell(_ stage: PublicStage, at: Instant, _ change: (inout Notice) -> Void = { _ in }) {
            guard at <= now else { return }
            told.append(
                Samples.notice(told.count + 1) {
                    ($0.dossier, $0.root, $0.at, $0.stage, $0.status) = (id, id, at, stage, stage.status)
                    ($0.procedure, $0.procedureCode, $0.procedureTitle) = (
                        procedure.0, procedure.1, LocalText(vi: procedure.2)
                    )
                    ($0.field, $0.channel, $0.holder) = (
                        procedure.3, index % 5 < 3 ? 2 : index % 5 - 2, .init(agency: agency, name: LocalText(vi: name))
                    )
                    ($0.submitted, $0.accepted, $0.promised, $0.firstPromised) = (start, accepted, promised, promised)
                    $0.legalCode = "\(agency)-260105-\(index + 1_000)"
                    change(&$0)
                })
        }
        tell(.submitted, at: start) {
            ($0.accepted, $0.promised, $0.firstPromised, $0.legalCode, $0.milestone) = (nil, nil, nil, nil, "receive")
        }
        if source.below(25) == 0 {
            tell(.refused, at: accepted) {
                ($0.accepted, $0.promised, $0.firstPromised, $0.legalCode) = (nil, nil, nil, nil)
                ($0.finished, $0.result) = (accepted, "not-accepted")
            }
            return told
        }
        tell(.accepted, at: accepted) { $0.milestone = "check" }
        var at = accepted.adding(seconds: limit / 4)
        if source.below(8) == 0 {
            tell(.needsDocuments, at: at) { ($0.paused, $0.promised) = (true, nil) }
            if source.below(6) == 0 { return told }
            at = at.adding(seconds: Int64(source.below(4) + 1) * 86_400)
        }
        tell(.processing, at: at) { $0.milestone = "decide" }
        let pace = Int64(source.below(100) + (source.below(12) == 0 ? 90 : 10))
        let finished = at.adding(seconds: limit * pace / 100)
        tell(.decided, at: finished) { ($0.milestone, $0.finished) = ("return", finished) }
        tell(.returned, at: finished.adding(seconds: 20_000)) {
            ($0.milestone, $0.finished, $0.result) = ("return", finished, "issued")
        }
        return told
    }

    /// Numbers that a seed repeats.
    private struct Draws {
        var state: UInt64

        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(max(1, limit)))
        }
    }
}

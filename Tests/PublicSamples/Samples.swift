package import Notices
package import PublicFeed
package import WorkingTime

/// The dossiers that the pages are tested on: as a commune would publish them.
package enum Samples {
    /// The look-up code of them all, unless a test publishes several.
    package static let code = LookUpCode(values: [5, 2, 18, 10, 20, 0, 27, 21, 7, 1, 15])
    /// The dossier that the code belongs to.
    package static let root = "0193e3a0-0000-7000-8000-000000000001"
    /// When they are looked at, unless a sample says else.
    package static let now = moment("2026-03-05T09:30")

    /// A moment of a test: `2026-03-05T09:30`.
    package static func moment(_ text: String) -> Instant { Instant(iso8601: text) ?? .earliest }

    /// The desk that received them.
    package static let centre = Notice.Holder(
        agency: "000.00.41.H17",
        name: LocalText(vi: "Bộ phận Một cửa, UBND phường Hải Châu", en: "One-stop desk, Hải Châu ward"),
        phone: "0236 3822 333")
    /// The office that works on them.
    package static let justice = Notice.Holder(
        agency: "000.02.41.H17",
        name: LocalText(vi: "Bộ phận Tư pháp – Hộ tịch, UBND phường Hải Châu", en: "Civil status, Hải Châu ward"),
        phone: "0236 3822 334")

    /// What their pages show of the way.
    package static let milestones = [
        ("receive", "Tiếp nhận", "Received"), ("check", "Kiểm tra", "Checked"), ("decide", "Giải quyết", "Decided"),
        ("sign", "Ký duyệt", "Signed"), ("return", "Trả kết quả", "Returned"),
    ].map { Notice.PublicMilestone(key: $0.0, title: LocalText(vi: $0.1, en: $0.2)) }

    /// A dossier being processed, as the other samples begin.
    package static func notice(_ number: Int = 3, _ change: (inout Notice) -> Void = { _ in }) -> Notice {
        var notice = Notice(
            province: 48, dossier: root, number: number, root: root, parent: nil, part: nil,
            at: moment("2026-03-04T09:12"),
            procedure: "birth-registration", procedureVersion: 3, procedureCode: "1.001193",
            procedureTitle: LocalText(vi: "Đăng ký khai sinh", en: "Birth registration"), field: "civil-status",
            channel: 1,
            legalCode: "000.00.41.H17-260303-0042", status: .processing, stage: .processing, milestones: milestones,
            milestone: "decide",
            sentence: LocalText(
                vi: "Bộ phận Tư pháp – Hộ tịch đang giải quyết hồ sơ của bạn.",
                en: "The civil status office is working on your dossier."),
            holder: justice, action: nil, submitted: moment("2026-03-03T07:50"), accepted: moment("2026-03-03T08:05"),
            promised: moment("2026-03-10T17:00"), firstPromised: moment("2026-03-10T17:00"), promiseCause: "acceptance",
            paused: false, pausedDays: 0, finished: nil, result: nil)
        change(&notice)
        return notice
    }

    /// How every one of them began: submitted, accepted.
    package static let earlier = [
        notice(1) {
            $0.at = moment("2026-03-03T07:50")
            ($0.status, $0.stage, $0.milestone, $0.holder) = (.submitted, .submitted, "receive", centre)
            ($0.accepted, $0.promised, $0.firstPromised, $0.promiseCause, $0.legalCode) = (nil, nil, nil, nil, nil)
            $0.sentence = LocalText(vi: "Bạn đã nộp hồ sơ.", en: "You submitted the dossier.")
        },
        notice(2) {
            $0.at = moment("2026-03-03T08:05")
            ($0.status, $0.stage, $0.milestone, $0.holder) = (.accepted, .accepted, "check", centre)
            $0.sentence = LocalText(vi: "Hồ sơ của bạn đã được tiếp nhận.", en: "Your dossier was accepted.")
        },
    ]

    /// The picture that notices make.
    package static func family(
        _ notices: [Notice], parts: [[Notice]] = [], caughtUpAt: Instant? = now
    ) throws -> DossierFamily {
        DossierFamily(
            version: Int64(notices.count), dossier: try required(DossierStand(notices: notices)),
            parts: try parts.map { try required(DossierStand(notices: $0)) }, caughtUpAt: caughtUpAt)
    }

    /// A sample that cannot be made.
    package struct Missing: Error {}

    /// What must be there.
    package static func required<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Missing() }
        return value
    }

    /// A part of the interconnected sample.
    package static func part(
        _ id: Int, _ name: LocalText, _ holder: LocalText, _ change: (inout Notice) -> Void = { _ in }
    ) -> Notice {
        notice(1) {
            $0.dossier = "0193e3a0-0000-7000-8000-00000000010\(id)"
            ($0.parent, $0.part, $0.procedureTitle) = (root, name, name)
            $0.holder = Notice.Holder(agency: "A\(id)", name: holder)
            $0.legalCode = nil
            $0.sentence = LocalText(vi: "\(holder.vi) đã nhận hồ sơ.", en: nil)
            change(&$0)
        }
    }

    /// The interconnected procedure's title.
    package static let title = LocalText(
        vi: "Đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi",
        en: "Birth registration, residence and health insurance card for a child under six")

    /// Every state that the pages know, with the moment at which it is looked at.
    package static func all() throws -> [(name: String, family: DossierFamily, now: Instant)] {
        let waiting = notice(4) {
            $0.at = moment("2026-03-05T08:20")
            ($0.status, $0.stage, $0.paused, $0.pausedDays) = (.needsDocuments, .needsDocuments, true, 1)
            $0.sentence = LocalText(vi: "Bạn cần bổ sung 1 giấy tờ.", en: "You need to supply 1 more paper.")
            $0.action = Notice.RequiredAction(
                text: LocalText(
                    vi: "Nộp giấy chứng sinh tại Bộ phận Một cửa hoặc trên mạng",
                    en: "Hand in the birth certificate of the hospital"),
                until: moment("2026-03-14T00:00"))
            $0.holder = centre
        }
        let late = notice(4) {
            ($0.at, $0.sentence) = (moment("2026-03-12T08:00"), nil)
            $0.promised = moment("2026-03-13T17:00")
            ($0.promiseCause, $0.pausedDays) = ("resume", 3)
        }
        let done = notice(5) {
            $0.at = moment("2026-03-09T15:40")
            ($0.status, $0.stage, $0.milestone, $0.holder) = (.decided, .decided, "return", centre)
            ($0.finished, $0.result) = (moment("2026-03-09T15:40"), "issued")
            $0.sentence = LocalText(vi: "Giấy khai sinh đã có.", en: "The birth certificate is ready.")
            $0.action = Notice.RequiredAction(
                text: LocalText(
                    vi: "Mang giấy hẹn đến nhận kết quả tại Bộ phận Một cửa", en: "Collect it at the one-stop desk"))
        }
        let withdrawn = notice(5) {
            $0.at = moment("2026-03-06T10:00")
            ($0.status, $0.stage, $0.holder) = (.withdrawn, .withdrawn, nil)
            ($0.finished, $0.result) = (moment("2026-03-06T10:00"), "withdrawn")
            $0.sentence = LocalText(
                vi: "Hồ sơ đã được rút theo yêu cầu của bạn.", en: "The dossier was withdrawn at your request.")
        }
        let refused = notice(2) {
            $0.at = moment("2026-03-03T10:00")
            ($0.status, $0.stage, $0.milestone, $0.holder) = (.notAccepted, .refused, "receive", centre)
            ($0.accepted, $0.promised, $0.firstPromised, $0.legalCode) = (nil, nil, nil, nil)
            ($0.finished, $0.result) = (moment("2026-03-03T10:00"), "not-accepted")
            $0.sentence = LocalText(vi: "Hồ sơ không được tiếp nhận: không thuộc thẩm quyền.", en: nil)
        }
        return [
            ("submitted", try family([earlier[0]]), now),
            ("processing", try family(earlier + [notice()]), now),
            ("waiting", try family(earlier + [notice(), waiting]), now),
            ("parts", try parts(), now),
            (
                "late", try family(earlier + [notice(), late], caughtUpAt: moment("2026-03-16T09:00")),
                moment("2026-03-16T09:30")
            ),
            (
                "done", try family(earlier + [notice(), done], caughtUpAt: moment("2026-03-09T16:00")),
                moment("2026-03-09T16:00")
            ),
            (
                "withdrawn", try family(earlier + [notice(), withdrawn], caughtUpAt: moment("2026-03-07T09:00")),
                moment("2026-03-07T09:00")
            ),
            ("refused", try family([earlier[0], refused]), now),
        ]
    }

    /// Birth done, residence late by its own limit, the card waiting for the applicant.
    package static func parts() throws -> DossierFamily {
        let whole = { (notice: Notice) in
            var notice = notice
            notice.procedureTitle = title
            return notice
        }
        let root = notice {
            $0.sentence = LocalText(vi: "Khai sinh đã xong, hai phần còn lại đang được giải quyết.", en: nil)
        }
        let birth = part(1, LocalText(vi: "Khai sinh", en: "Birth"), LocalText(vi: "UBND phường Hải Châu")) {
            ($0.status, $0.stage, $0.finished, $0.result) = (.decided, .decided, moment("2026-03-03T16:20"), "issued")
            ($0.at, $0.promised) = (moment("2026-03-03T16:20"), moment("2026-03-03T17:00"))
            $0.sentence = LocalText(vi: "Đã cấp giấy khai sinh.", en: "The birth certificate was issued.")
        }
        let residence = part(2, LocalText(vi: "Thường trú", en: "Residence"), LocalText(vi: "Công an phường Hải Châu"))
        {
            ($0.at, $0.promised) = (moment("2026-03-03T16:21"), moment("2026-03-04T17:00"))
        }
        let card = part(
            3, LocalText(vi: "Thẻ bảo hiểm y tế", en: "Health card"), LocalText(vi: "Bảo hiểm xã hội Hải Châu")
        ) {
            ($0.status, $0.stage, $0.paused) = (.needsDocuments, .needsDocuments, true)
            ($0.at, $0.promised) = (moment("2026-03-04T10:05"), nil)
            $0.action = Notice.RequiredAction(
                text: LocalText(vi: "Bổ sung ảnh chân dung của trẻ", en: "Supply a photograph of the child"),
                until: moment("2026-03-12T17:00"))
            $0.sentence = LocalText(vi: "Cần bổ sung ảnh của trẻ.", en: "A photograph is missing.")
        }
        return try family((earlier + [root]).map(whole), parts: [[birth], [residence], [card]])
    }
}

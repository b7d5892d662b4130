import Notices
import WorkingTime

@testable import PublicFeed

/// Made-up lives of dossiers, as the engine would publish them.
enum Histories {
    static let procedures = [("birth", "ho-tich"), ("marriage", "ho-tich"), ("residence", "cu-tru")]
    static let agencies = ["000.00.01.H17", "000.00.02.H17"]

    static func day(_ text: String, _ time: String = "10:00") -> Instant {
        Instant(iso8601: "\(text)T\(time)") ?? .earliest
    }

    /// A notice with what statistics read; the rest is the same for all.
    static func notice(
        _ dossier: Int, _ number: Int, at: Instant, _ stage: PublicStage, submitted: Instant,
        accepted: Instant? = nil, promised: Instant? = nil, firstPromised: Instant? = nil, finished: Instant? = nil,
        result: String? = nil, _ change: (inout Notice) -> Void = { _ in }
    ) -> Notice {
        let procedure = procedures[dossier % procedures.count]
        let agency = agencies[dossier % agencies.count]
        let counter = String(dossier % 9_000 + 1_000)
        let isWaiting = [.needsDocuments, .needsPayment, .suspended].contains(stage)
        var notice = Notice(
            province: 48, dossier: Some.id(dossier), number: number, root: Some.id(dossier), parent: nil, part: nil,
            at: at, procedure: procedure.0, procedureVersion: 1, procedureCode: "1.000001",
            procedureTitle: LocalText(vi: "Thủ tục \(procedure.0)"), field: procedure.1, channel: dossier % 3 + 1,
            legalCode: accepted == nil ? nil : "\(agency)-260301-\(counter)", status: stage.status, stage: stage,
            milestones: [
                .init(key: "receive", title: LocalText(vi: "Tiếp nhận")),
                .init(key: "work", title: LocalText(vi: "Giải quyết")),
            ],
            milestone: accepted == nil ? "receive" : "work", sentence: LocalText(vi: "Tin số \(number)"),
            holder: .init(agency: agency, name: LocalText(vi: "Bộ phận Một cửa \(agency)")), action: nil,
            submitted: submitted, accepted: accepted, promised: isWaiting ? nil : promised,
            firstPromised: firstPromised ?? promised, promiseCause: nil, paused: isWaiting, pausedDays: 0,
            finished: finished, result: result)
        change(&notice)
        return notice
    }

    /// Histories of some dossiers, mixed as a province's sequence has them.
    static func mixed(_ dossiers: Int, seed: UInt64) -> [Notice] {
        var source = SeededSource(seed: seed)
        var lives = (0..<dossiers).map { random($0, &source)[...] }
        var mixed: [Notice] = []
        while let life = lives.indices.filter({ !lives[$0].isEmpty }).randomElement(using: &source) {
            mixed += lives[life].popFirst().map { [$0] } ?? []
        }
        return mixed
    }

    /// With their places in the sequence, from one on.
    static func sequenced(_ notices: [Notice], from n: Int64 = 0) -> [FeedWorld.Sequenced] {
        notices.enumerated().map { FeedWorld.Sequenced(n: n + Int64($0.offset), notice: $0.element) }
    }

    /// A life of random length, with waits, repeated requests, new promises, withdrawals, refusals and late ends.
    static func random(_ dossier: Int, _ source: inout SeededSource) -> [Notice] {
        let start = day("2026-01-01", "07:30").adding(seconds: Int64.random(in: 0..<200 * 86_400, using: &source))
        var life = Life(dossier: dossier, at: start)
        life.say(.submitted)
        if Int.random(in: 0..<12, using: &source) == 0 {
            life.pass(&source)
            life.finished = life.at
            life.result = "not-accepted"
            life.say(.refused)
            return life.notices
        }
        life.pass(&source)
        if Int.random(in: 0..<6, using: &source) == 0 {
            life.say(.needsDocuments)
            life.pass(&source)
        }
        life.accepted = life.at
        if Int.random(in: 0..<8, using: &source) > 0 {
            life.promised = life.at.adding(seconds: Int64.random(in: 0..<20 * 86_400, using: &source))
        }
        life.say(.accepted)
        for _ in 0..<Int.random(in: 0..<6, using: &source) {
            life.pass(&source)
            life.promised = life.promised?.adding(seconds: Int64.random(in: 0..<3, using: &source) * 86_400)
            life.say(
                [.processing, .needsDocuments, .needsPayment, .suspended].randomElement(using: &source) ?? .processing)
        }
        life.end(&source)
        return life.notices
    }

    private struct Life {
        let dossier: Int
        let submitted: Instant
        var at: Instant
        var accepted: Instant?
        var promised: Instant?
        var first: Instant?
        var finished: Instant?
        var result: String?
        var notices: [Notice] = []

        init(dossier: Int, at: Instant) {
            self.dossier = dossier
            self.at = at
            submitted = at
        }

        mutating func pass(_ source: inout SeededSource) {
            // Sometimes the same hour, sometimes an earlier one: a trusted channel tells late what it took in before.
            at = at.adding(seconds: Int64.random(in: -40_000..<6 * 86_400, using: &source))
        }

        mutating func say(_ stage: PublicStage) {
            if first == nil { first = promised }
            notices.append(
                Histories.notice(
                    dossier, notices.count + 1, at: at, stage, submitted: submitted, accepted: accepted,
                    promised: promised, firstPromised: first, finished: finished, result: result))
        }

        mutating func end(_ source: inout SeededSource) {
            pass(&source)
            switch Int.random(in: 0..<10, using: &source) {
            case 0..<5:
                finished = at
                say(.decided)
                pass(&source)
                result = "issued"
                say(.returned)
            case 5:
                (finished, result) = (at, "withdrawn")
                say(.withdrawn)
            case 6:
                (finished, result) = (at, "stopped")
                say(.terminated)
            case 7:
                (finished, result) = (at, "refused")
                say(.returned)
            default: break
            }
        }
    }
}

/// Random numbers that a seed repeats (SplitMix64).
struct SeededSource: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

import JSONText
import Notices
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import PublicFeed

/// The national portal's synchronisation against a stand-in.
@Suite(.timeLimit(.minutes(5)))
struct PortalTests {
    private func with(_ body: (DeliveryWorld, StandInPortal, StandInServer) async throws -> Void) async throws {
        try await DeliveryWorld.with { world in
            let portal = StandInPortal()
            try await StandInServer.with({ portal.answer($0) }) { server in
                try await world.connect(server)
                try await body(world, portal, server)
            }
        }
    }

    private func drain(_ world: DeliveryWorld, _ courier: Courier? = nil) async throws {
        try await world.work(courier ?? world.courier(), until: "nothing waits") {
            let standing = try await world.standing("national-portal")
            return standing.waitingCount == 0 && standing.openCount == 0
        }
    }

    /// The messages of one dossier, in order.
    private func journal(_ portal: StandInPortal, _ dossier: Int) -> [String] {
        portal.with { state in
            state.journal.filter { $0.hasSuffix(" " + Some.legalCode(dossier)) }.map { String($0.prefix { $0 != " " }) }
        }
    }

    @Test func `each dossier is made once, then changed, each message after the one before was acknowledged`()
        async throws
    {
        try await with { world, portal, _ in
            try await world.tell(Some.journeys(dossiers: 4, 12))
            try await drain(world)
            for dossier in 1...4 {
                #expect(
                    journal(portal, dossier) == [
                        "DongBoHoSoMC*", "CapNhatTienDoHoSoMC", "DongBoHoSoMC+", "CapNhatTienDoHoSoMC",
                        "DongBoHoSoMC+", "CapNhatTienDoHoSoMC",
                    ])
            }
            let record = portal.with { $0.dossiers[Some.legalCode(1)] }
            #expect(record?["TrangThaiHoSo"] == "5")
            #expect(record?["TenLinhVuc"] == "Hộ tịch")
            #expect(portal.with { $0.logInCount } == 1)
            let standing = try await world.portal()
            #expect(standing.acknowledgedCount == 4)
            #expect(standing.refusedCount == 0)
        }
    }

    @Test func `nothing secret and nobody's name reaches the portal`() async throws {
        try await with { world, portal, server in
            var notices = Some.journeys(dossiers: 2, 6)
            for index in notices.indices {
                notices[index].notice.holder = notices[index].notice.holder.map {
                    Notice.Holder(agency: $0.agency, name: $0.name, phone: "02360000101")
                }
            }
            try await world.tell(notices)
            try await drain(world)
            for request in server.all {
                let text = String(decoding: request.body, as: UTF8.self)
                #expect(!text.contains("02360000101"))
                for dossier in 1...2 {
                    #expect(!text.contains(Some.code(dossier).compact))
                    #expect(!text.contains(Some.id(dossier)))
                }
            }
            let fields = portal.with { state in Set(state.dossiers.values.flatMap(\.keys)) }
            #expect(fields.isDisjoint(with: ["ChuHoSo", "MaDoiTuong", "Fax", "GhiChu", "ThongTinKhac"]))
            #expect(portal.with { state in state.dossiers.values.allSatisfy { $0["Email"] == "" } })
        }
    }

    @Test func `a notice that changes nothing of the record is not sent as one`() async throws {
        try await with { world, portal, _ in
            try await world.tell([
                .init(n: 0, notice: Some.told(1, 1)), .init(n: 1, notice: Some.told(1, 2)),
            ])
            try await drain(world)
            #expect(journal(portal, 1) == ["DongBoHoSoMC*", "CapNhatTienDoHoSoMC", "CapNhatTienDoHoSoMC"])
        }
    }

    @Test func `a portal that was down gets everything later, in order`() async throws {
        try await with { world, portal, _ in
            portal.with { $0.isDown = true }
            try await world.tell(Some.journeys(dossiers: 3, 9))
            let courier = world.courier()
            try await world.work(courier, until: "it fails") {
                try await world.standing("national-portal").failures >= 3
            }
            portal.with { $0.isDown = false }
            try await drain(world, courier)
            for dossier in 1...3 { #expect(journal(portal, dossier).count == 6) }
            #expect(try await world.portal().acknowledgedCount == 3)
        }
    }

    @Test func `an answer that was lost leaves nothing doubled and nothing out`() async throws {
        try await with { world, portal, _ in
            try await world.tell(Some.journeys(dossiers: 1, 3))
            let courier = world.courier()
            try await world.work(courier, until: "it is logged in") { portal.with { $0.logInCount } > 0 }
            try await drain(world, courier)
            portal.with { $0.lostCount = 1 }
            try await world.tell([.init(n: 3, notice: Some.told(2, 1, .accepted))])
            try await drain(world, courier)
            // What was made before the answer was lost is there: it is changed instead.
            let made = journal(portal, 2)
            #expect(made.count { $0 == "DongBoHoSoMC*" } == 1)
            #expect(made.last == "CapNhatTienDoHoSoMC")
            #expect(try await world.portal().acknowledgedCount == 2)
        }
    }

    @Test func `an ended session is opened anew`() async throws {
        try await with { world, portal, _ in
            try await world.tell(Some.journeys(dossiers: 1, 2))
            let courier = world.courier()
            try await drain(world, courier)
            portal.with { $0.session = nil }
            try await world.tell(Some.journeys(dossiers: 1, 2, from: 2))
            try await drain(world, courier)
            #expect(portal.with { $0.logInCount } == 2)
            #expect(try await world.standing("national-portal").lastFailure == nil)
            #expect(portal.with { $0.steps[Some.legalCode(1)]?.count } == 4)
        }
    }

    @Test func `a wrong password disables the portal and says so`() async throws {
        try await DeliveryWorld.with { world in
            let portal = StandInPortal()
            try await StandInServer.with({ portal.answer($0) }) { server in
                try await world.connect(server, password: "sai")
                try await world.tell(Some.journeys(dossiers: 1, 1))
                let courier = world.courier()
                try await world.work(courier, until: "it is disabled") {
                    try await world.standing("national-portal").state == "disabled"
                }
                let reason = try await world.standing("national-portal").reason
                #expect(reason?.contains("refused the log-in: 99") == true)
                try await world.desk.replacePassword("national-portal", "mật khẩu")
                try await world.desk.resume("national-portal", skipping: false)
                try await drain(world, courier)
                #expect(try await world.portal().acknowledgedCount == 1)
            }
        }
    }

    @Test func `a refusal inside 200 is that dossier's, with the portal's code, and nothing overtakes it`() async throws
    {
        try await with { world, portal, _ in
            portal.with { $0.refused[Some.legalCode(2)] = "17" }
            try await world.tell(Some.journeys(dossiers: 3, 9))
            let courier = world.courier()
            try await world.work(courier, until: "it is dead") {
                try await world.standing("national-portal").deadCount == 1
            }
            #expect(try await world.standing("national-portal").waitingCount == 0)
            #expect(journal(portal, 1).count == 6)
            #expect(journal(portal, 3).count == 6)
            #expect(Set(journal(portal, 2)) == ["!DongBoHoSoMC"])
            let trouble = try #require(try await world.desk.portalTroubles("national-portal", limit: 5).first)
            #expect(trouble.legalCode == Some.legalCode(2))
            #expect(trouble.state == "refused")
            #expect(trouble.code == "17")
            #expect(trouble.message == "Dữ liệu không hợp lệ")
            #expect(trouble.acknowledged == 0)
            portal.with { $0.refused = [:] }
            #expect(try await world.desk.replay("national-portal", nil) == 1)
            try await drain(world, courier)
            #expect(journal(portal, 2).filter { !$0.hasPrefix("!") }.first == "DongBoHoSoMC*")
            #expect(portal.with { $0.steps[Some.legalCode(2)]?.count } == 3)
            #expect(try await world.desk.portalTroubles("national-portal", limit: 5).isEmpty)
        }
    }

    @Test func `the comparison names what the portal forgot or has otherwise, and sends it again`() async throws {
        try await with { world, portal, _ in
            try await world.tell(Some.journeys(dossiers: 30, 60))
            let courier = world.courier()
            try await drain(world, courier)
            portal.with { state in
                state.dossiers[Some.legalCode(4)] = nil
                state.dossiers[Some.legalCode(9)]?["TrangThaiHoSo"] = "2"
            }
            try await world.desk.reconcile("national-portal")
            try await world.work(courier, until: "all was compared") {
                try await !world.desk.isReconciling("national-portal")
            }
            let troubles = try await world.desk.portalTroubles("national-portal", limit: 50)
            #expect(Set(troubles.map(\.legalCode)) == [Some.legalCode(4), Some.legalCode(9)])
            #expect(
                troubles.first { $0.legalCode == Some.legalCode(4) }?.difference == "the portal does not have it")
            #expect(
                troubles.first { $0.legalCode == Some.legalCode(9) }?.difference
                    == "TrangThaiHoSo is “2” there and “4” here")
            try await drain(world, courier)
            // What differed is still named, and that it was sent again and taken.
            let repaired = try await world.desk.portalTroubles("national-portal", limit: 50)
            #expect(repaired.count == 2 && repaired.allSatisfy { $0.repairedAt == $0.changedAt })
            let mended = try await world.portal()
            #expect(mended.differingCount == 0 && mended.repairedCount == 2)
            // A later comparison that still finds it different: what was acknowledged before does not count.
            try await world.world.feed.withSession {
                try $0.execute("UPDATE feed.portal_dossier SET checked_at = now() WHERE difference IS NOT NULL")
            }
            let differing = try await world.portal()
            #expect(differing.differingCount == 2 && differing.repairedCount == 0)
            let named = try await world.desk.portalTroubles("national-portal", limit: 50)
            #expect(named.count == 2 && named.allSatisfy { $0.repairedAt == nil })
            #expect(portal.with { $0.dossiers[Some.legalCode(4)]?["TrangThaiHoSo"] } == "4")
            #expect(portal.with { $0.dossiers[Some.legalCode(9)]?["TrangThaiHoSo"] } == "4")
            try await world.desk.reconcile("national-portal")
            try await world.work(courier, until: "all was compared") {
                try await !world.desk.isReconciling("national-portal")
            }
            #expect(try await world.desk.portalTroubles("national-portal", limit: 50).isEmpty)
            let standing = try await world.portal()
            #expect(standing.differingCount == 0 && standing.repairedCount == 0)
            let next = try #require(standing.nextComparisonAt)
            let hour = (next / 3_600_000_000 + 7) % 24
            #expect([2, 3].contains(hour))
        }
    }

    @Test func `what the portal refused to the end is sent as it is now by the comparison`() async throws {
        try await with { world, portal, _ in
            portal.with { $0.refused[Some.legalCode(1)] = "17" }
            try await world.tell(Some.journeys(dossiers: 2, 6))
            let courier = world.courier()
            try await world.work(courier, until: "it is dead") {
                try await world.standing("national-portal").deadCount == 1
            }
            portal.with { $0.refused = [:] }
            try await world.desk.reconcile("national-portal")
            try await world.work(courier, until: "all was compared") {
                try await !world.desk.isReconciling("national-portal")
            }
            try await drain(world, courier)
            #expect(try await world.standing("national-portal").deadCount == 0)
            #expect(portal.with { $0.dossiers[Some.legalCode(1)]?["TrangThaiHoSo"] } == "5")
            #expect(portal.with { $0.steps[Some.legalCode(1)]?.count } == 1)
        }
    }
}

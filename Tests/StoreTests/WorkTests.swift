import Dossiers
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import Store

@Suite(.database, .timeLimit(.minutes(1)))
struct WorkTests {
    @Test func `the agenda gives what is due, oldest first, and not what is stuck`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let id = Fixture.id()
            let now = Fixture.now
            try await store.put(province) {
                $0.newDossiers = [Fixture.new(id)]
                $0.agendaSet = [
                    AgendaRow(dossier: id, key: "late/0", dueAt: now.adding(seconds: -10)),
                    AgendaRow(dossier: id, key: "m/x/1", dueAt: now.adding(seconds: -20), payload: [1, 2]),
                    AgendaRow(dossier: id, key: "warn/0", dueAt: now.adding(seconds: 10)),
                ]
            }
            #expect(try await store.provincesDue(before: now).contains(province))
            let due = try await store.agendaDue(province: province, before: now, limit: 10)
            #expect(due.map(\.key) == ["m/x/1", "late/0"])
            #expect(due.map(\.payload) == [[1, 2], nil])
            let recent = try await store.agendaDue(
                province: province, before: now, from: now.adding(seconds: -15), limit: 10)
            #expect(recent.map(\.key) == ["late/0"])

            for attempt in 1...5 {
                let tries = try await store.noteStuck(
                    province: province, dossier: id, key: "late/0", error: "no", at: now,
                    retryAt: now.adding(seconds: attempt == 5 ? -1 : 60))
                #expect(tries == attempt)
                let left = try await store.agendaDue(province: province, before: now, limit: 10).map(\.key)
                #expect(left == ["m/x/1"])
            }
            let stuck = try await store.stuck(limit: 10, province: province)
            #expect(stuck.map(\.key) == ["late/0"] && stuck.map(\.tries) == [5])
            #expect(
                try await store.stuck(
                    at: .after(ClearedAgenda(dossier: id, key: "late/0")), limit: 10, province: province)
                    == [])
            #expect(try await store.freeStuck(dossier: id, key: "late/0", province: province))
            #expect(try await store.agendaDue(province: province, before: now, limit: 10).count == 2)

            try await store.noteStuck(province: province, dossier: id, key: "m/x/1", error: "no", at: now, retryAt: now)
            try await store.put(province) { $0.agendaCleared = due.map(\.agendaKey) }
            #expect(try await store.agendaDue(province: province, before: now, limit: 10) == [])
            #expect(try await store.stuck(limit: 10, province: province) == [])
        }
    }

    @Test func `of rows set twice the last counts, and what is cleared and set is set`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let id = Fixture.id()
            let now = Fixture.now
            try await store.put(province) {
                $0.newDossiers = [Fixture.new(id)]
                $0.agendaCleared = [ClearedAgenda(dossier: id, key: "late/0")]
                $0.agendaSet = [
                    AgendaRow(dossier: id, key: "late/0", dueAt: now),
                    AgendaRow(dossier: id, key: "late/0", dueAt: now.adding(seconds: -5)),
                ]
                $0.tasksSet = [Fixture.task(id, 1), Fixture.task(id, 1, officer: "lan")]
                $0.tasksClosed = [ClosedTask(dossier: id, activation: 1)]
            }
            let due = try await store.agendaDue(province: province, before: now, limit: 10)
            #expect(due.map(\.dueAt) == [now.adding(seconds: -5)])
            #expect(try await store.tasks(of: id, province: province).map(\.task.officer) == ["lan"])
        }
    }

    @Test func `the relay brings a message once in effect, however often it runs`() async throws {
        try await withStore { store, _ in
            let (from, to) = (Fixture.province(), Fixture.province())
            let (sender, target) = (Fixture.id(), Fixture.id())
            let now = Fixture.now
            try await store.seed(from, [sender])
            let messages = (1...3).map {
                OutgoingRow(
                    targetProvince: to, dossier: target, key: "m/\(sender)/\($0)", dueAt: now, payload: [UInt8($0)])
            }
            try await store.put(from) { $0.outgoing = messages }
            #expect(try await store.provincesOutgoing().contains(from))

            // A relay that stops between the two transactions: the message is there, and still here.
            try await store.commit(province: to) { try $0.deliver([messages[0]]) }
            let relayed = try await withThrowingTaskGroup(of: [OutgoingRow].self) { group in
                for _ in 0..<3 { group.addTask { try await store.relayOutgoing(province: from, limit: 100) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(relayed) == Set(messages))
            #expect(try await store.outgoing(province: from, limit: 10) == [])
            #expect(try await !store.provincesOutgoing().contains(from))
            // The target has no dossier yet, and its province must be polled all the same.
            #expect(try await store.provincesDue(before: now).contains(to))
            let arrived = try await store.agendaDue(province: to, before: now, limit: 10)
            #expect(arrived.map(\.key).sorted() == messages.map(\.key))
        }
    }

    @Test func `a worklist pages by urgency through all roles, those without a limit last`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(6)
            let now = Fixture.now
            let tasks = ids.enumerated().map { index, id in
                Fixture.task(
                    id, 1, role: index.isMultiple(of: 2) ? "chairman" : "civil-status",
                    officer: index == 3 ? "lan" : nil,
                    due: index < 4 ? now.adding(seconds: Int64(100 - index * 10)) : nil)
            }
            try await store.put(province) {
                $0.newDossiers = ids.map { Fixture.new($0) }
                $0.tasksSet =
                    tasks + [
                        Fixture.task(ids[0], 2, role: "police"), Fixture.task(ids[0], 3, role: "chairman", kind: .call),
                    ]
            }
            var filter = WorklistFilter(agency: "000.12.34.H17", roles: ["chairman", "civil-status"])
            var seen: [DossierID] = []
            var place = PagePlace<WorklistPosition>.first
            while true {
                let page = try await store.worklist(filter, at: place, limit: 2, province: province)
                seen += page.map(\.row.dossier)
                guard let last = page.last else { break }
                place = .after(last.position)
            }
            #expect(seen == [ids[3], ids[2], ids[1], ids[0], ids[4], ids[5]])
            var back: [DossierID] = []
            place = .before(nil)
            while true {
                let page = try await store.worklist(filter, at: place, limit: 2, province: province)
                back = page.map(\.row.dossier) + back
                guard let first = page.first else { break }
                place = .before(first.position)
            }
            #expect(back == seen)

            func count(_ officer: WorklistOfficer) async throws -> Int {
                filter.officer = officer
                return try await store.worklist(filter, limit: 50, province: province).count
            }
            #expect(try await count(.any) == 6)
            #expect(try await count(.nobody) == 5)
            #expect(try await count(.only("lan")) == 1)
            #expect(try await count(.only("mai")) == 0)
            #expect(try await count(.onlyOrNobody("lan")) == 6)
            #expect(try await count(.onlyOrNobody("mai")) == 5)
            filter.officer = .any
            filter.step = "sign"
            #expect(try await store.worklist(filter, limit: 50, province: province) == [])
            filter.step = nil
            filter.procedure = "birth-registration"
            #expect(try await store.worklist(filter, limit: 2, province: province).count == 2)
            filter.procedure = "marriage"
            #expect(try await store.worklist(filter, limit: 50, province: province) == [])
            filter.procedure = nil
            filter.roles = []
            #expect(try await store.worklist(filter, limit: 50, province: province) == [])
        }
    }

    @Test func `a call is leased to one adapter at a time, and again when its lease is over or its try moved`()
        async throws
    {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(20)
            let now = Fixture.now
            try await store.put(province) {
                $0.newDossiers = ids.map { Fixture.new($0) }
                $0.tasksSet =
                    ids.map { Fixture.task($0, 1, role: "registry", kind: .call, notBefore: now) }
                    + [Fixture.task(ids[0], 2, role: "registry", kind: .call, notBefore: now.adding(seconds: 5))]
            }
            func lease(at time: Instant) async throws -> [DossierID] {
                try await store.leaseCalls(connector: "registry", limit: 7, seconds: 60, now: time, province: province)
                    .map(\.dossier)
            }
            let leased = try await withThrowingTaskGroup(of: [DossierID].self) { group in
                for _ in 0..<5 { group.addTask { try await lease(at: now) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(leased.count == Set(leased).count)
            // Concurrent adapters may pass over what another is taking at that moment; nothing is lost by it.
            let rest = try await lease(at: now) + lease(at: now) + lease(at: now)
            #expect(Set(leased + rest) == Set(ids) && leased.count + rest.count == 20)
            #expect(try await lease(at: now) == [])

            try await store.put(province) {
                $0.tasksSet = [
                    Fixture.task(ids[1], 1, role: "registry", kind: .call, notBefore: now.adding(seconds: -1)),
                    Fixture.task(ids[2], 1, role: "registry", kind: .call, officer: "lan", notBefore: now),
                ]
            }
            #expect(try await lease(at: now) == [ids[1]])
            #expect(try await lease(at: now.adding(seconds: 60)).count == 7)
        }
    }

    @Test func `lists of dossiers page from the newest and keep to their filter`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(5)
            try await store.put(province) { batch in
                batch.newDossiers = ids.map { Fixture.new($0) }
                batch.newDossiers[1].centre = "other"
                batch.newDossiers[2].status = 5
                batch.newDossiers[3].parent = ids[0]
                batch.newDossiers[3].root = ids[0]
                batch.newDossiers[4].phase = 2
            }
            func list(
                _ filter: DossierFilterRow, at place: PagePlace<DossierID> = .first, limit: Int = 50
            ) async throws -> [DossierID] {
                try await store.dossiers(filter, at: place, limit: limit, province: province).map(\.id)
            }
            let centre = "000.00.01.H17"
            #expect(try await list(.init(centre: centre)) == [ids[4], ids[3], ids[2], ids[0]])
            #expect(try await list(.init(centre: centre), at: .after(ids[3]), limit: 1) == [ids[2]])
            #expect(try await list(.init(centre: centre), at: .before(ids[0]), limit: 2) == [ids[3], ids[2]])
            #expect(try await list(.init(centre: centre), at: .before(nil), limit: 2) == [ids[2], ids[0]])
            #expect(try await list(.init(centre: centre, status: 5), at: .before(ids[0])) == [ids[2]])
            #expect(try await list(.init(centre: centre, status: 5)) == [ids[2]])
            #expect(try await list(.init(centre: centre, phase: .ended)) == [ids[4]])
            #expect(try await list(.init(centre: centre, procedure: "none")) == [])
            #expect(try await list(.init(centre: "other", agency: "000.12.34.H17")) == ids.reversed())
            #expect(try await list(.init()) == [])
            // An agency that got a step finds the dossier too, once, and after the step is over.
            try await store.put(province) {
                $0.agencies = [ids[0], ids[2], ids[2]].map { DossierAgencyRow(agency: "police", dossier: $0) }
            }
            try await store.put(province) { $0.agencies = [DossierAgencyRow(agency: "police", dossier: ids[0])] }
            #expect(try await list(.init(centre: "police", agency: "police")) == [ids[2], ids[0]])
            #expect(try await list(.init(centre: "police", agency: "police"), at: .after(ids[2])) == [ids[0]])
            #expect(try await list(.init(centre: "police", agency: "police"), at: .before(ids[0])) == [ids[2]])
            #expect(try await list(.init(centre: "police", agency: "police", status: 5)) == [ids[2]])
            #expect(try await list(.init(centre: "police")) == [])
            let police = DossierAgencyRow(agency: "police", dossier: ids[0])
            #expect(try await store.hasAgency(police, province: province))
            #expect(
                try await !store.hasAgency(.init(agency: "police", dossier: ids[1]), province: province))
            try await store.put(province) { $0.notices = [Fixture.notice(ids[0], 1), Fixture.notice(ids[1], 1)] }
            #expect(try await store.sequence(province: province, limit: 9) == 2)
            let changes = try await store.changedDossiers(
                after: -1, centre: "police", agency: "police", limit: 9, province: province)
            #expect(changes.dossiers == [ids[0]])
        }
    }

    @Test func `R13 old answers go in batches, younger ones stay`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            try await store.seed(province, [Fixture.id()])
            try await store.put(province) { batch in
                batch.answers = (0..<5).map { Fixture.answer("old-\($0)") } + [Fixture.answer("young")]
                batch.answers[5].createdAt = Fixture.now.adding(seconds: 100)
            }
            let limit = Fixture.now.adding(seconds: 50)
            #expect(try await store.removeAnswers(before: limit, limit: 3) == 3)
            #expect(try await store.removeAnswers(before: limit, limit: 3) == 2)
            #expect(try await store.removeAnswers(before: limit, limit: 3) == 0)
            #expect(try await store.answer(Fixture.key("young"), province: province) != nil)
        }
    }
}

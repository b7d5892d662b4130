import Dossiers
import Postgres
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import Store

@Suite(.database, .timeLimit(.minutes(1)))
struct CommitTests {
    @Test func `what a batch wrote is read back as it was`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let id = Fixture.id()
            var new = Fixture.new(id)
            new.lookUp = "ABCDEFGH2345"
            new.client = "desk"
            new.clientReference = "r-1"
            let row = new
            let events = EventRow.chain(
                previousHead: EventRow.firstHead,
                events: (1...3).map {
                    EventRow(
                        dossier: id, sequence: $0, recordedAt: Fixture.now, kind: "opened", body: Array("e\($0)".utf8))
                })
            try await store.put(province) {
                $0.newDossiers = [row]
                $0.events = events
                $0.answers = [Fixture.answer("a")]
                $0.tasksSet = [Fixture.task(id, 1)]
            }
            let loaded = try await store.commit(province: province) {
                try $0.load(
                    dossiers: [id, Fixture.id()], keys: [Fixture.key("a"), Fixture.key("b")],
                    references: [ClientReference(client: "desk", reference: "r-1")])
            }
            let stored = try #require(loaded.dossiers[id])
            #expect(loaded.dossiers.count == 1)
            #expect(loaded.held == [])
            #expect(stored.state == row.state && stored.head == row.head && stored.sequence == 1)
            #expect(stored.summary.submittedAt == Fixture.now)
            #expect(loaded.answers == [Fixture.key("a"): Fixture.answer("a").answer])
            #expect(loaded.references == [ClientReference(client: "desk", reference: "r-1"): id])
            #expect(try await store.events(of: id, limit: 10, province: province) == events)
            #expect(try await store.events(of: id, after: 1, limit: 1, province: province) == [events[1]])
            #expect(try await store.task(dossier: id, activation: 1, province: province) == Fixture.task(id, 1))
            #expect(try await store.dossier(lookUp: "ABCDEFGH2345", province: province) == stored)
        }
    }

    @Test func `the chain is what PostgreSQL computes from the stored bytes`() async throws {
        try await withStore { store, pool in
            let province = Fixture.province()
            let id = Fixture.id()
            let events = EventRow.chain(
                previousHead: EventRow.firstHead,
                events: (1...4).map {
                    EventRow(
                        dossier: id, sequence: $0, recordedAt: Fixture.now, kind: "k", body: Array("body \($0)".utf8))
                })
            try await store.put(province) {
                $0.newDossiers = [Fixture.new(id)]
                $0.events = events
            }
            let agrees = try await store.read(
                province,
                Statement<Int16, Bool>(
                    name: "test_chain",
                    sql: """
                        SELECT hash = sha256(coalesce(lag(hash) OVER (ORDER BY sequence), decode(repeat('00', 32), 'hex')) || body)
                        FROM engine.event WHERE province = $1
                        """, encode: { $1.int2($0) }, decode: { try $0.bool() }), province)
            #expect(agrees == [true, true, true, true])
        }
    }

    @Test func `the time of a batch is the database's unless another is given`() async throws {
        try await withStore { store, _ in
            let given = try await store.commit(province: 1) { try $0.load(dossiers: [], keys: [], now: Fixture.now) }
            #expect(given.recorded == Fixture.now)
            let read = try await store.commit(province: 1) { try $0.load(dossiers: [], keys: []) }
            #expect(read.recorded > Instant(microseconds: 1_700_000_000_000_000))
        }
    }

    @Test func `a dossier that another transaction holds is reported as held`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(2)
            try await store.seed(province, ids)
            let (locked, done) = (Gate(), Gate())
            async let holder: Void = store.commit(province: province) { transaction in
                _ = try transaction.load(dossiers: [ids[0]], keys: [])
                locked.open()
                #expect(done.wait())
            }
            #expect(await locked.opened())
            let loaded = try await store.commit(province: province) { try $0.load(dossiers: ids, keys: []) }
            done.open()
            try await holder
            #expect(Set(loaded.dossiers.keys) == [ids[1]])
            #expect(loaded.held == [ids[0]])
        }
    }

    @Test func `R11 waiting for a held dossier sees what its holder wrote`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let id = Fixture.id()
            try await store.seed(province, [id])
            let (locked, go) = (Gate(), Gate())
            async let holder: Void = store.commit(province: province) { transaction in
                _ = try transaction.load(dossiers: [id], keys: [])
                locked.open()
                #expect(go.wait())
                var batch = WriteBatch()
                batch.updates = [Fixture.update(id, from: 1)]
                transaction.write(batch)
            }
            #expect(await locked.opened())
            async let waiter = store.commit(province: province) {
                go.open()
                return try $0.load(dossiers: [id], keys: [], waiting: true)
            }
            let loaded = try await waiter
            try await holder
            #expect(loaded.dossiers[id]?.sequence == 2)
        }
    }

    @Test func `a stale sequence is refused and nothing of the batch stays`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(2)
            try await store.seed(province, ids)
            await #expect(throws: StoreError.stale) {
                try await store.put(province) {
                    $0.updates = [Fixture.update(ids[0], from: 1), Fixture.update(ids[1], from: 9)]
                    $0.answers = [Fixture.answer("stale")]
                }
            }
            #expect(try await store.dossiers(ids, province: province).map(\.sequence) == [1, 1])
            #expect(try await store.answer(Fixture.key("stale"), province: province) == nil)
        }
    }

    @Test func `a twin's key rolls the whole back`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let id = Fixture.id()
            try await store.seed(province, [id])
            try await store.put(province) { $0.answers = [Fixture.answer("same")] }
            await #expect(throws: StoreError.twin) {
                try await store.put(province) {
                    $0.updates = [Fixture.update(id, from: 1)]
                    $0.answers = [Fixture.answer("other"), Fixture.answer("same")]
                }
            }
            #expect(try await store.dossier(id, province: province)?.sequence == 1)
            #expect(try await store.answer(Fixture.key("other"), province: province) == nil)
        }
    }

    @Test func `of twins at the same moment one commits`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let outcomes = await withTaskGroup(of: String.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        do {
                            try await store.put(province) {
                                $0.newDossiers = [Fixture.new(Fixture.id())]
                                $0.answers =
                                    number.isMultiple(of: 2)
                                    ? [Fixture.answer("x"), Fixture.answer("y")]
                                    : [Fixture.answer("y"), Fixture.answer("x")]
                            }
                            return "stored"
                        } catch { return "\(error)" }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.sorted() == ["stored"] + Array(repeating: "twin", count: 5))
        }
    }

    @Test func `what is taken already is a collision`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            var row = Fixture.new(Fixture.id())
            row.lookUp = "ABCDEFGH2345"
            row.code = "H17-1"
            row.client = "desk"
            row.clientReference = "r"
            let first = row
            try await store.put(province) {
                $0.newDossiers = [first]
                $0.dataKeys = [DataKeyRow(dossier: first.id, wrapped: [1])]
            }
            let changes: [@Sendable (inout WriteBatch) -> Void] = [
                { $0.newDossiers = [Fixture.new(first.id)] },
                { batch in
                    batch.newDossiers = [Fixture.new(Fixture.id())]
                    batch.newDossiers[0].lookUp = "ABCDEFGH2345"
                },
                { batch in
                    batch.newDossiers = [Fixture.new(Fixture.id())]
                    batch.newDossiers[0].client = "desk"
                    batch.newDossiers[0].clientReference = "r"
                },
                { batch in
                    batch.newDossiers = [Fixture.new(Fixture.id())]
                    batch.newDossiers[0].code = "H17-1"
                },
                { $0.dataKeys = [DataKeyRow(dossier: first.id, wrapped: [2])] },
            ]
            for change in changes {
                await #expect(throws: StoreError.collision) { try await store.put(province, change) }
            }
            #expect(try await store.dataKey(of: first.id, province: province) == [1])
        }
    }

    @Test func `a legal code leads to its dossier and may be written again with each step`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let id = Fixture.id()
            try await store.seed(province, [id])
            for sequence in Int64(1)...3 {
                try await store.commit(province: province) { transaction in
                    _ = try transaction.load(dossiers: [id], keys: [])
                    var batch = WriteBatch()
                    batch.updates = [Fixture.update(id, from: sequence, code: "H17-7")]
                    transaction.write(batch)
                }
            }
            // Without a load the Store cannot know that the code is the dossier's own, and asks the database.
            try await store.put(province) { $0.updates = [Fixture.update(id, from: 4, code: "H17-7")] }
            let found = try #require(try await store.dossier(code: "H17-7", province: province))
            #expect(found.id == id && found.code == "H17-7" && found.sequence == 5)
        }
    }

    @Test func `counters are dense under concurrency, also when some roll back`() async throws {
        struct Abandoned: Error {}
        try await withStore { store, _ in
            let province = Fixture.province()
            let day = Fixture.now.date
            let tally = Tally()
            await withTaskGroup(of: Void.self) { group in
                for worker in 0..<6 {
                    group.addTask {
                        for turn in 0..<20 {
                            let requests = [
                                CounterRequest(agency: "a", day: day, count: 2),
                                CounterRequest(agency: "b", day: day, count: 1),
                                CounterRequest(agency: "a", day: day, count: 1),
                            ]
                            let numbers = try? await store.commit(province: province) { transaction in
                                let numbers = try transaction.nextNumbers(
                                    worker.isMultiple(of: 2) ? requests : requests.reversed())
                                if turn % 5 == 4 { throw Abandoned() }
                                return worker.isMultiple(of: 2) ? numbers : numbers.reversed()
                            }
                            guard let numbers else { continue }
                            tally.numbers.withLock {
                                $0["a", default: []] += [numbers[0], numbers[0] + 1, numbers[2]]
                                $0["b", default: []].append(numbers[1])
                            }
                        }
                    }
                }
            }
            let numbers = tally.numbers.withLock { $0 }
            #expect(numbers["a"]?.sorted() == Array(1...Int64(6 * 16 * 3)))
            #expect(numbers["b"]?.sorted() == Array(1...Int64(6 * 16)))
        }
    }

    @Test func `R10 locks are taken in one order, whatever order is asked for`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(8)
            try await store.seed(province, ids)
            // A deadlock would run a body a second time.
            let tally = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<6 {
                    group.addTask {
                        for _ in 0..<20 {
                            try await store.commit(province: province) { transaction in
                                tally.count.add(1, ordering: .relaxed)
                                let wanted = worker.isMultiple(of: 2) ? ids : ids.reversed()
                                let loaded = try transaction.load(dossiers: wanted, keys: [], waiting: true)
                                let agencies = worker.isMultiple(of: 3) ? ["x", "y", "z"] : ["z", "y", "x"]
                                _ = try transaction.nextNumbers(
                                    agencies.map { CounterRequest(agency: $0, day: Fixture.now.date, count: 1) })
                                var batch = WriteBatch()
                                batch.updates = wanted.map {
                                    Fixture.update($0, from: loaded.dossiers[$0]?.sequence ?? -1)
                                }
                                transaction.write(batch)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(tally.count.load(ordering: .relaxed) == 120)
            #expect(
                try await store.dossiers(ids, province: province).map(\.sequence) == Array(repeating: 121, count: 8))
        }
    }
}

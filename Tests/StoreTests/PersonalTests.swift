import Dossiers
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import Store

@Suite(.database, .timeLimit(.minutes(1)))
struct PersonalTests {
    @Test func `sealed values and documents are found, replaced, and erased for good`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let id = Fixture.id()
            func section(_ name: String, _ bytes: [UInt8]) -> SealedRow {
                SealedRow(dossier: id, section: name, ciphertext: bytes, createdAt: Fixture.now)
            }
            let rows = [section("form", [1]), section("note/1", [2])]
            try await store.put(province) {
                $0.newDossiers = [Fixture.new(id)]
                $0.dataKeys = [DataKeyRow(dossier: id, wrapped: [7])]
                $0.sealed = rows
            }
            let corrected = section("form", [9])
            try await store.put(province) { $0.sealed = [corrected] }
            #expect(try await store.sealed(id, section: "form", province: province) == [9])
            #expect(try await store.sealed(id, section: "none", province: province) == nil)
            let all = try await store.sealedDossier(id, province: province)
            #expect(all == SealedDossier(wrappedKey: [7], sections: [corrected, rows[1]]))

            #expect(try await !store.rewrapDataKey(of: id, old: [6], new: [8], province: province))
            #expect(try await store.rewrapDataKey(of: id, old: [7], new: [8], province: province))
            #expect(try await store.dataKey(of: id, province: province) == [8])

            let document = DocumentRow(
                dossier: id, name: "birth-proof", kind: "witness", mediaType: "application/pdf", size: 3,
                address: [UInt8](repeating: 5, count: 32), createdAt: Fixture.now, createdBy: "desk")
            for number in 1...2 {
                let given = try await store.commit(province: province) { transaction in
                    _ = try transaction.load(dossiers: [id], keys: [])
                    return try transaction.addDocument(document, ciphertext: [1, 2, 3])
                }
                #expect(given == number)
            }
            #expect(try await store.documents(of: id, province: province).map(\.number) == [1, 2])
            let found = try #require(try await store.document(2, of: id, province: province))
            #expect(found.ciphertext == [1, 2, 3] && found.row.name == "birth-proof")
            #expect(try await store.document(3, of: id, province: province) == nil)

            try await store.recordAccess(
                province: province, at: Fixture.now, client: "desk", officer: "lan", dossiers: [id], sections: ["form"],
                purpose: "check")

            let other = Fixture.id()
            let access = AccessRow(
                at: Fixture.now, client: "admin", officer: nil, dossiers: [id, other], sections: ["*"],
                purpose: "erase/retention")
            func erase() async throws -> [DossierID] {
                try await store.erasePersonal(of: [other, id], recording: access, province: province)
            }
            #expect(try await erase() == [id])
            #expect(try await erase() == [])
            let newest = try await store.accesses(of: id, limit: 2, province: province)
            #expect(newest.map(\.row) == [access, access])
            let oldest = try await store.accesses(of: id, at: .after(newest[1].id), limit: 9, province: province)
            #expect(oldest.map(\.row.purpose) == ["check"])
            #expect(
                try await store.accesses(of: id, at: .before(oldest[0].id), limit: 1, province: province) == [newest[1]]
            )
            #expect(try await store.accesses(of: id, at: .before(nil), limit: 1, province: province) == oldest)
            #expect(try await store.accesses(of: other, limit: 9, province: province).count == 2)
            #expect(try await store.accesses(of: Fixture.id(), limit: 9, province: province).isEmpty)
            #expect(
                try await store.sealedDossier(id, province: province) == SealedDossier(wrappedKey: nil, sections: []))
            let left = try #require(try await store.document(1, of: id, province: province))
            #expect(left.ciphertext == nil)
        }
    }
}

@Suite(.database, .timeLimit(.minutes(1)))
struct CatalogueTests {
    private func version(_ number: Int, hash: String) -> ProcedureVersionRow {
        ProcedureVersionRow(
            name: "birth", version: number, contentHash: hash, code: nil, effectiveFrom: Fixture.now.date,
            effectiveUntil: nil, source: Array(hash.utf8), loadedAt: Fixture.now, loadedBy: "admin")
    }

    private func file(_ hash: String) -> WorkflowFileRow {
        WorkflowFileRow(
            kind: .calendar, name: "vn-state", contentHash: hash, source: Array(hash.utf8), loadedAt: Fixture.now,
            loadedBy: "admin")
    }

    @Test func `a published version never changes, and one file of a name is in use`() async throws {
        try await withStore { store, _ in
            let empty = try await store.catalogueStamp()
            #expect(try await store.publish(versions: [version(1, hash: "a")], files: [file("x")]).count == 1)
            let first = try await store.catalogueStamp()
            #expect(try await store.publish(versions: [version(1, hash: "a")], files: [file("x")]) == [])
            #expect(try await store.catalogueStamp() == first && first != empty)
            await #expect(throws: StoreError.collision) {
                try await store.publish(
                    versions: [version(2, hash: "b"), version(1, hash: "changed")], files: [file("y")])
            }
            #expect(try await store.procedureVersions() == [version(1, hash: "a")])
            try await store.publish(versions: [version(2, hash: "b")], files: [file("y")])
            try await store.publish(versions: [], files: [file("x")])
            #expect(try await store.workflowFiles(currentOnly: true) == [file("x")])
            #expect(
                try await store.workflowFiles(currentOnly: false).map(\.isCurrent).sorted { $0 && !$1 } == [
                    true, false,
                ])
            #expect(try await store.procedureVersions().map(\.version) == [1, 2])
        }
    }

    @Test func `clients are added once and can be shut out`() async throws {
        try await withStore { store, _ in
            let row = ClientRow(
                id: "adapter", province: 48, agency: nil, roles: [], scopes: ["calls"], connector: "registry",
                secretHash: [UInt8](repeating: 3, count: 32), createdAt: Fixture.now)
            try await store.insertClient(row)
            await #expect(throws: StoreError.collision) { try await store.insertClient(row) }
            #expect(try await store.client("adapter") == row)
            #expect(try await store.client("nobody") == nil)
            #expect(try await store.disableClient("adapter", at: Fixture.now, province: 48))
            #expect(try await store.disableClient("adapter", at: Fixture.now.adding(seconds: 9), province: 48))
            #expect(try await store.disabledClients() == ["adapter"])
            #expect(try await !store.disableClient("adapter", at: nil, province: 49))
            #expect(try await !store.disableClient("nobody", at: Fixture.now, province: 48))
            #expect(try await store.clients(province: 48).map(\.disabledAt) == [Fixture.now])
            #expect(try await store.clients(province: 49) == [])
            #expect(try await store.clients().count == 1)
            #expect(try await store.ping())
        }
    }
}

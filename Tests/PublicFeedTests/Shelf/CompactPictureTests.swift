import Notices
import TestSupport
import Testing

@testable import PublicFeed

@Suite struct CompactPictureTests {
    private func picture(of life: [Notice]) -> DossierPicture {
        var picture = DossierPicture()
        picture.add(
            life.enumerated().map { (n: Int64($0.offset * 3 + 7), notice: $0.element) },
            number: Int32(life.map(\.number).max() ?? 0), taken: Int32(life.count))
        return picture
    }

    @Test(arguments: 1...60)
    func `what is read of a compact picture is what is read of the stored one, however much it shares`(
        seed: UInt64
    ) throws {
        var source = SeededSource(seed: seed)
        let table = SharedUnitTable()
        let life = PictureLives.random(Int(seed), &source)
        let stored = picture(of: life).encoded()
        let number = Int32(life.map(\.number).max() ?? 0)
        // The first says all itself; the second shares what came twice; the third all that can be shared.
        var sharedCounts: [Int] = []
        for _ in 1...3 {
            let compact = try #require(CompactPicture(stored, table))
            sharedCounts.append(compact.shared.units.count)
            let read = try #require(
                compact.contents(dossier: Some.id(Int(seed)), root: Some.id(Int(seed)), number: number))
            let expected = try #require(
                DossierPicture.contents(
                    stored, dossier: Some.id(Int(seed)), root: Some.id(Int(seed)), number: number,
                    taken: Int32(life.count)))
            #expect(read.notices == expected.notices && read.leaf == expected.leaf)
            #expect(compact.taken == Int32(life.count))
        }
        #expect(sharedCounts[0] == 0 && sharedCounts[1] > 0 && sharedCounts[2] == sharedCounts[1])
    }

    @Test func `pictures that went the same way share one list of texts`() throws {
        let table = SharedUnitTable()
        let lists = try (1...4).map { dossier in
            let life = (1...3).map { Some.notice(dossier, $0, legalCode: "000.00.01.H17-260302-000\(dossier)") }
            return try #require(CompactPicture(picture(of: life).encoded(), table)).shared
        }
        #expect(lists[0].units.isEmpty)
        #expect(lists[2] === lists[3] && lists[2].units.count >= 4)
    }

    @Test func `a text that is read in two ways is not shared in one of them`() throws {
        let table = SharedUnitTable()
        var notice = Some.notice(1, 1)
        notice.legalCode = "returned"
        notice.result = "returned"
        notice.milestone = "returned"
        let stored = picture(of: [notice]).encoded()
        for _ in 1...3 {
            let compact = try #require(CompactPicture(stored, table))
            let read = try #require(compact.contents(dossier: Some.id(1), root: Some.id(1), number: 1)).notices
            #expect(read == [notice])
        }
    }

    @Test func `bytes that are no picture make none, wherever they are cut`() throws {
        let stored = picture(of: (1...4).map { Some.notice(1, $0) }).encoded()
        let table = SharedUnitTable()
        #expect(CompactPicture(stored, table) != nil)
        for length in stored.indices {
            #expect(CompactPicture(Array(stored.prefix(length)), table) == nil)
        }
        #expect(CompactPicture(stored + [0], table) == nil)
    }
}

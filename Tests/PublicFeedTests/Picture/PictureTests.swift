import Notices
import Testing
import WorkingTime

@testable import PublicFeed

@Suite struct PictureTests {
    /// Whether bytes are read, as whom they may be shown to.
    private func shown(_ picture: DossierPicture, of dossier: Int, number: Int) -> [Notice]? {
        DossierPicture.contents(
            picture.encoded(), dossier: Some.id(dossier), root: Some.id(dossier), number: Int32(number),
            taken: picture.taken)?.notices
    }

    @Test func `every stage has its number, and none two`() {
        #expect(Set(PictureEntry.stages) == Set(PublicStage.allCases))
        #expect(PictureEntry.stages.count == PublicStage.allCases.count)
    }

    @Test(arguments: 1...40)
    func `in whatever order and batches notices come, the picture is the same, and holds them`(seed: UInt64) throws {
        var source = SeededSource(seed: seed)
        let life = PictureLives.random(Int(seed), &source)
        let stored = life.enumerated().map { (n: Int64($0.offset * 3 + 7), notice: $0.element) }
        var atOnce = DossierPicture()
        atOnce.add(stored, number: Int32(life.count), taken: Int32(life.count))
        var left = stored.shuffled(using: &source)[...]
        var bytes = DossierPicture().encoded()
        var (number, taken) = (0, 0)
        while !left.isEmpty {
            let batch = Array(left.prefix(Int.random(in: 1...3, using: &source)))
            left = left.dropFirst(batch.count)
            number = max(number, batch.map(\.notice.number).max() ?? 0)
            taken += batch.count
            var picture = try #require(DossierPicture(decoding: bytes))
            picture.add(batch, number: Int32(number), taken: Int32(taken))
            bytes = picture.encoded()
        }
        #expect(bytes == atOnce.encoded())
        let contents = try #require(
            DossierPicture.contents(
                bytes, dossier: life[0].dossier, root: life[0].root, number: Int32(life.count),
                taken: Int32(life.count)))
        #expect(contents.notices == Array(life.reversed().prefix(100)))
        #expect(contents.leaf == stored.last?.n)
    }

    @Test func `a hundred numbers are shown, whatever is missing among them`() throws {
        let notices = (1...250).filter { $0 % 3 > 0 }.map { (n: Int64($0), notice: Some.notice(1, $0)) }
        var picture = DossierPicture()
        for notice in notices { picture.add([notice], number: Int32(notice.notice.number), taken: 1) }
        let numbers = try #require(shown(picture, of: 1, number: 250)).map(\.number)
        #expect(numbers == notices.map(\.notice.number).filter { $0 > 150 }.reversed())
        // One that nobody can read raises the number too.
        #expect(shown(picture, of: 1, number: 260)?.last?.number == 161)
        picture.add([], number: 260, taken: 1)
        #expect(picture.entries.first?.number == 161)
        picture.add([], number: 900, taken: 1)
        #expect(picture.entries.isEmpty && picture.leaf == 0)
    }

    @Test func `one of a row that another build wrote since is not shown`() {
        var picture = DossierPicture()
        picture.add([(n: 4, notice: Some.notice(1, 1))], number: 1, taken: 1)
        let bytes = picture.encoded()
        func contents(_ bytes: [UInt8], taken: Int32 = 1, root: Int = 1) -> DossierPicture.Contents? {
            DossierPicture.contents(bytes, dossier: Some.id(1), root: Some.id(root), number: 1, taken: taken)
        }
        #expect(contents(bytes)?.leaf == 4)
        #expect(contents(bytes, taken: 2) == nil)
        #expect(contents(bytes, root: 2) == nil)
        #expect(contents([DossierPicture.format + 1] + bytes.dropFirst()) == nil)
        #expect(contents([]) == nil)
    }

    @Test func `bytes that somebody changed are refused or read, and nothing worse`() throws {
        var source = SeededSource(seed: 11)
        let life = PictureLives.random(5, &source)
        var picture = DossierPicture()
        picture.add(life.map { (n: 1, notice: $0) }, number: Int32(life.count), taken: Int32(life.count))
        let bytes = picture.encoded()
        for count in bytes.indices {
            #expect(DossierPicture(decoding: Array(bytes.prefix(count))) == nil)
        }
        #expect(DossierPicture(decoding: bytes + [0]) == nil)
        for place in bytes.indices {
            for mask: UInt8 in [1, 0x40, 0x80, 0xFF] {
                var changed = bytes
                changed[place] ^= mask
                let notices = DossierPicture.contents(
                    changed, dossier: life[0].dossier, root: life[0].root, number: Int32(life.count),
                    taken: Int32(life.count))
                // What reads in one way reads in the other.
                if notices != nil { #expect(DossierPicture(decoding: changed) != nil) }
            }
        }
    }
}

/// Lives whose notices say everything that a notice can say.
enum PictureLives {
    static func random(_ dossier: Int, _ source: inout SeededSource) -> [Notice] {
        var life = Histories.random(dossier, &source)
        while Int.random(in: 0..<20, using: &source) == 0 || life.count < 3 {
            life += Histories.random(dossier, &source)
        }
        let isLong = Int.random(in: 0..<12, using: &source) == 0
        while isLong, life.count < 120 { life += Histories.random(dossier, &source) }
        for place in life.indices {
            life[place].number = place + 1
            vary(&life[place], &source)
        }
        return life
    }

    private static func vary(_ notice: inout Notice, _ source: inout SeededSource) {
        func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &source) == 0 }
        if chance(3) { notice.sentence = nil }
        if chance(3) { notice.sentence = LocalText(vi: "Hồ sơ đã được tiếp nhận, “hẹn” ngày 5", en: "Accepted") }
        if chance(4) { notice.holder = nil }
        if chance(3) {
            notice.holder = .init(
                agency: "000.00.0\(Int.random(in: 1...3, using: &source)).H17",
                name: LocalText(vi: "Bộ phận Tư pháp – Hộ tịch", en: chance(2) ? "Civil status desk" : nil),
                phone: chance(2) ? "0236 3 881 888" : nil)
        }
        if chance(4) {
            let until = chance(2) ? notice.at.adding(seconds: 86_400) : nil
            notice.action = .init(
                text: LocalText(vi: "Nộp giấy chứng sinh", en: chance(2) ? "Bring it" : nil), until: until)
        }
        if chance(6) { notice.milestones = [] }
        if chance(6) { notice.milestone = nil }
        if chance(8) { notice.procedureVersion += 1 }
        if chance(8) { notice.procedureCode = nil }
        if chance(5) { notice.promiseCause = ["restart", "resume", "calendar"].randomElement(using: &source) }
        if chance(5) { notice.pausedDays = Int.random(in: -1...40, using: &source) }
        if chance(30) { notice.submitted = Instant(microseconds: 0) }
        if chance(30) { notice.promised = Instant(microseconds: -1) }
        if chance(30) { notice.finished = .latest }
        if chance(30) { notice.accepted = .earliest }
    }
}

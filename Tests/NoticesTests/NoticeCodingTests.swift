import JSONText
import Notices
import Testing
import WorkingTime

struct NoticeCodingTests {
    static let whole = Notice(
        province: 48, dossier: "0198c0de-0000-7000-8000-000000000001", number: 7,
        root: "0198c0de-0000-7000-8000-000000000000", parent: "0198c0de-0000-7000-8000-000000000000",
        part: LocalText(vi: "Đăng ký thường trú", en: "Residence"), at: Instant(microseconds: 1_772_000_000_000_001),
        procedure: "permanent-residence", procedureVersion: 3, procedureCode: "1.004222",
        procedureTitle: LocalText(vi: "Đăng ký \"thường trú\"\n"), field: "cu-tru", channel: 2,
        legalCode: "000.01.H17-260302-0001", status: .needsDocuments, stage: .needsDocuments,
        milestones: [.init(key: "received", title: LocalText(vi: "Tiếp nhận", en: "Received"))],
        milestone: "received", sentence: LocalText(vi: "Bạn cần bổ sung."),
        holder: .init(agency: "000.21.H17", name: LocalText(vi: "Công an xã A"), phone: "0236"),
        action: .init(text: LocalText(vi: "Bổ sung"), until: Instant(microseconds: 5)),
        submitted: Instant(microseconds: 1), accepted: Instant(microseconds: 2), promised: nil,
        firstPromised: Instant(microseconds: 3), promiseCause: nil, paused: true, pausedDays: 2, finished: nil,
        result: nil)

    @Test func `a notice reads back as it was written, to the byte`() throws {
        var bare = Self.whole
        bare.parent = nil
        bare.part = nil
        bare.holder = nil
        bare.action = nil
        bare.sentence = nil
        bare.milestones = []
        bare.finished = Instant(microseconds: 9)
        bare.result = "issued"
        for notice in [Self.whole, bare] {
            let bytes = notice.encoded()
            let read = try Notice(decoding: bytes)
            #expect(read == notice)
            #expect(read.encoded() == bytes)
            #expect(try JSONValue.parse(bytes).canonicalBytes == bytes)
        }
    }

    @Test(arguments: ["", "[]", "{}", "{\"format\":2}", "{\"format\":1,\"province\":70000}"])
    func `what is no notice is refused`(_ text: String) {
        #expect(throws: UnreadableNotice.self) { try Notice(decoding: Array(text.utf8)) }
    }
}

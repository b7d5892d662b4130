import JSONText
import Notices
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

@Suite struct CloudEventTests {
    private func entry() throws -> CompletionEntry {
        let code = try #require(LegalCode(typed: "000.00.41.H17-260303-0042"))
        let at = try #require(Instant(iso8601: "2026-03-04T09:12"))
        return CompletionEntry(
            province: 48, n: 1234, legalCode: code, procedure: "birth", status: .processing, stage: .processing, at: at,
            toldAt: at)
    }

    @Test func `a public event has the required attributes, the legal code and the degree of completion, no more`()
        throws
    {
        let event = CloudEvent(telling: try entry(), dataRef: "https://hoso.example.vn/v1/progress/X")
        #expect(
            String(decoding: event.encoded(), as: UTF8.self) == """
                {"specversion":"1.0","id":"48-1234-completion","source":"https://motcua.vn/provinces/48",\
                "type":"vn.motcua.dossier.processing.v1","subject":"000.00.41.H17-260303-0042",\
                "time":"2026-03-04T09:12:00+07:00","sequence":"0000000000000001234",\
                "partitionkey":"000.00.41.H17-260303-0042","dataref":"https://hoso.example.vn/v1/progress/X",\
                "datacontenttype":"application/json",\
                "data":{"legalCode":"000.00.41.H17-260303-0042","status":4,"stage":"processing"}}
                """)
    }

    @Test func `a holder's event names the dossier by its opaque identity and orders it by its own numbers`() throws {
        let notice = Some.notice(province: 48, 7, 3)
        let event = CloudEvent(telling: notice, n: 99, dataRef: nil)
        let json = try JSONValue.parse(event.encoded())
        #expect(json["id"] == .string("48-99") && json["subject"] == .string(Some.id(7)))
        #expect(json["sequence"] == .string("0000000000000000003") && json["partitionkey"] == json["subject"])
        #expect(json["dataref"] == nil && json["data"]?["number"] == .integer(3))
        #expect(json["data"]?["legalCode"] == nil)
    }

    @Test func `the CloudEvents project's own SDK reads in events what was written`() throws {
        let entry = try entry()
        var events = PublicStage.allCases.map { stage in
            CloudEvent(
                telling: CompletionEntry(
                    province: 48, n: 7, legalCode: entry.legalCode, procedure: entry.procedure, status: stage.status,
                    stage: stage, at: entry.at, toldAt: entry.toldAt), dataRef: nil)
        }
        events.append(CloudEvent(telling: entry, dataRef: "https://hoso.example.vn/v1/progress/X"))
        events.append(CloudEvent(telling: Some.notice(province: 48, 7, 3), n: 99, dataRef: nil))
        let lines: [UInt8] = events.flatMap { event -> [UInt8] in event.encoded() + [0x0A] }
        let read = try OutsideReader.read(lines, script: "read_events.py", [], ["\(events.count)"])
        #expect(read == "\(events.count) events\n")
    }

    @Test func `types follow the stage, in the reverse of our domain`() {
        let types = PublicStage.allCases.map(CloudEvent.type)
        #expect(Set(types).count == PublicStage.allCases.count)
        #expect(types.contains("vn.motcua.dossier.received.v1"))
        for type in types {
            #expect(type.hasPrefix("vn.motcua.dossier.") && type.hasSuffix(".v1"))
            #expect(type.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        }
    }

    @Test(arguments: [(0, 1), (9, 10), (99, 1_000_000), (1, Int64.max)] as [(Int64, Int64)])
    func `sequences sort as text as they do as numbers`(low: Int64, high: Int64) throws {
        var event = CloudEvent(telling: try entry(), dataRef: nil)
        func text(_ order: Int64) throws -> String {
            event.order = order
            return try #require(try JSONValue.parse(event.encoded())["sequence"]?.stringValue)
        }
        let (before, after) = (try text(low), try text(high))
        #expect(before.utf8.count == after.utf8.count && before < after)
    }

    @Test(arguments: ["48-1234", "1-0", "48--1", "0-9223372036854775807"])
    func `a place reads what it wrote`(text: String) {
        #expect(LivePlace(text)?.description == text)
    }

    @Test(arguments: [
        "", "48", "48-", "-", "48-01", "+48-1", "48-1-2", "99999-1", "48-1 ", "48-9223372036854775808", "48--2", "-1-5",
    ])
    func `a place that is none is refused`(text: String) {
        #expect(LivePlace(text) == nil)
    }
}

import Notices
import ProcedureFiles
import Procedures
import Testing
import WorkingTime

struct `A text file` {
    static func findings(_ text: String) -> [String] {
        TextFile.draft(Array(text.utf8)).findings.map { "\($0.spot.line):\($0.spot.column) \($0.rule.rawValue)" }
    }

    @Test func `gives every key and value its place`() throws {
        let draft = try #require(TextFile.draft(Array("a: 1\nb:\n  - x\n  - {c: \"true\"}\n".utf8)).draft)
        guard case .map(let entries) = draft.content, case .list(let items)? = entries.last?.value.content,
            case .map(let inner)? = items.last?.content
        else {
            Issue.record("\(draft)")
            return
        }
        #expect(entries.map(\.spot) == [Spot(line: 1, column: 1), Spot(line: 2, column: 1)])
        #expect(items.map(\.path) == ["b/0", "b/1"])
        #expect(inner.first?.spot == Spot(line: 4, column: 6))
        #expect(inner.first?.value.content == .scalar("true", quoted: true))
        #expect(inner.first?.value.spot == Spot(line: 4, column: 9))
    }

    @Test(arguments: [
        ("", "1:1 V01"), ("a: [1", "2:1 V01"), ("a: b: c", "1:5 V01"), ("a: 1\n---\nb: 2\n", "2:1 V01"),
        ("a: 1\nb: 2\na: 3\n", "3:1 V18"), ("x: {a: 1, b: 2, a: 3}\n", "1:17 V18"),
        ("x:\n  a: 1\n  b:\n    a: 2\n  a: 3\n", "5:3 V18"), ("x: {\"a\": 1, a: 2}", "1:13 V18"),
        ("a: &x 1\nb: *x\n", "1:4 V01"), ("a: !t 1\n", "1:4 V01"), ("a: !t {b: 1}\n", "1:4 V01"),
        ("[a, b]: 1\n", "1:1 V01"),
        ("a: \u{0}", "1:1 V01"),
    ])
    func `is refused at the place of the fault`(_ text: String, _ finding: String) {
        #expect(Self.findings(text).first == finding)
    }

    @Test func `is refused when it is not UTF-8 or too large`() {
        #expect(TextFile.draft([0x61, 0x3A, 0x20, 0xFF]).draft == nil)
        #expect(TextFile.draft(Array(repeating: 0x20, count: TextFile.byteCountMax + 1)).findings.count == 1)
    }

    @Test(arguments: [
        String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 60_000),
        String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
        (0..<600).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        (0..<600).map { String(repeating: " ", count: $0) + "-\r" }.joined(),
    ])
    func `is refused before deep nesting costs anything`(_ text: String) {
        #expect(TextFile.draft(Array(text.utf8)).findings.count == 1)
    }

    @Test func `does not walk an alias bomb`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        let read = TextFile.draft(Array(text.utf8))
        #expect(read.findings.contains { $0.message.en.contains("Anchors") })
        #expect(read.findings.count <= 10)
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `is named by its SHA-256`(_ text: String, _ hash: String) {
        #expect(ProcedureFile.contentHash(Array(text.utf8)) == hash)
    }

    @Test func `names a million bytes by the published hash`() {
        #expect(
            ProcedureFile.contentHash(Array(repeating: 0x61, count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// Mutates shipped files: bytes changed, cut, doubled, swapped. Reading answers, whatever comes.
    @Test func `never traps on a damaged file`() throws {
        let texts = try Shipped.texts()
        let names = texts.keys.sorted()
        let whole = try Shipped.loaded.get().catalogue
        let odd: [[UInt8]] = [
            Array("{".utf8), Array("]".utf8), Array("&a ".utf8), Array("*a".utf8), Array("!!int ".utf8),
            Array("\n".utf8),
            Array(": ".utf8), Array("- ".utf8), Array("\"".utf8), [0xFF], [0], Array("<<: ".utf8),
            Array("999999999999999999999".utf8),
        ]
        var random = Rolling(seed: 7)
        var refused = 0
        var taken = 0
        for _ in 0..<80 {
            let name = names[random.below(names.count)]
            var bytes = try #require(texts[name])
            for _ in 0...random.below(3) where !bytes.isEmpty {
                let at = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: random.below(256))
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + random.below(60)))
                case 2: bytes.insert(contentsOf: odd[random.below(odd.count)], at: at)
                default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + random.below(200))], at: at)
                }
            }
            // One file against the sound catalogue without it: reading the whole folder each time is slow.
            let original = ProcedureFile.contentHash(texts[name] ?? [])
            var others = whole
            others.procedures.removeAll { $0.contentHash == original }
            if name.hasPrefix("calendars/") {
                let read = CalendarFile.read(bytes, name: name, others: others.calendars)
                #expect(read.report.hasErrors == (read.calendar == nil))
                continue
            }
            if name.hasPrefix("agencies/") {
                var gathered = AgencyFile.Gathered()
                _ = AgencyFile.read(bytes, name: name, calendars: Set(others.calendars.keys), into: &gathered)
                continue
            }
            let loaded = ProcedureFile.read(bytes, name: name, catalogue: others)
            #expect(loaded.report.hasErrors == (loaded.procedure == nil))
            if loaded.procedure == nil { refused += 1 } else { taken += 1 }
            _ = loaded.report.sarif()
        }
        // Both happen: a changed letter inside a sentence is no fault.
        #expect(refused > 0 && taken > 0)
    }
}

/// Numbers that a seed repeats.
struct Rolling {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(1, limit)))
    }
}

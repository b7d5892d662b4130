import JSONText
import Notices
import PublicFeed
import Testing

@testable import motcua

@Suite struct TerminalTests {
    private static let plain = Terminal(isInteractive: false, hasColour: false, width: 80)

    @Test(arguments: [80, 110, 118, 119, 200])
    func `the demonstration's stages fit the terminal, with the English words where there is room`(width: Int) {
        let centres = [
            ("A", "phường Hải Châu"), ("B", "phường Sơn Trà"), ("C", "tỉnh Quảng Trị"),
        ].map { (code: $0.0, place: $0.1) }
        let counts = PublicStage.allCases.reduce(into: [:]) { $0[$1] = ["A": 123, "B": 45] }
        let table = DemoReport.stages(counts, centres, within: width)
        let text = table.text(Terminal(isInteractive: false, hasColour: false, width: width))
        for line in text.split(separator: "\n") { #expect(line.count <= width) }
        #expect(text.contains("Submitted, waiting") == (width >= 119) && text.contains("Đã nộp, chờ tiếp nhận"))
        #expect(table.rows.count == PublicStage.allCases.count && table.total?.last == "\(168 * table.rows.count)")
    }

    @Test(arguments: [(0, 10, "  0% "), (5, 10, " 50% "), (10, 10, "100% "), (11, 10, "100% "), (0, 0, "  0% ")])
    func `a bar says how far it is`(_ done: Int, _ total: Int, _ start: String) {
        #expect(ProgressBar.line(done: done, total: total, note: "x", width: 80).hasPrefix(start))
    }

    @Test(arguments: [10, 40, 80, 200])
    func `a bar is never wider than the terminal`(_ width: Int) {
        let note = String(repeating: "Đang chạy ", count: 40)
        for done in 0...97 {
            let line = ProgressBar.line(done: done, total: 97, note: note, width: max(width, 40))
            #expect(line.count <= max(width, 40))
        }
    }

    @Test func `a table lines Vietnamese words up`() {
        var table = Table([.init("agency", "Cơ quan"), .init("count", "Hồ sơ", isNumber: true)])
        table.add(["UBND phường Hải Châu", "7"])
        table.add(["Công an", "123"])
        table.total = ["Tất cả", "130"]
        let lines = table.text(Self.plain).split(separator: "\n").map(String.init)
        #expect(Set(lines.map(\.count)).count == 1)
        #expect(lines[2].hasSuffix("    7"))
    }

    @Test func `columns that may sink stand under the one before them where the terminal is narrow`() {
        var table = Table([.init("day", "Ngày"), .init("vi", "Vì sao"), .init("en", "Why", maySink: true)])
        table.add(["27", "Nghỉ bù Giỗ Tổ Hùng Vương, không tính", "Day off for Hùng Kings' Day, not counted"])
        table.add(["28", "ngày thứ 1", "day 1"])
        let wide = Terminal(isInteractive: false, hasColour: false, width: 100)
        #expect(table.text(wide).split(separator: "\n").count == 4)
        let narrow = Terminal(isInteractive: false, hasColour: false, width: 40)
        #expect(
            table.text(narrow) == """
                Ngày  Vì sao / Why
                ──────────────────────────────────────
                27    Nghỉ bù Giỗ Tổ Hùng Vương, không
                      tính
                      Day off for Hùng Kings' Day, not
                      counted
                28    ngày thứ 1
                      day 1

                """)
    }

    @Test func `notes stand below their rows under their names where the terminal is narrow, and empty ones nowhere`() {
        var table = Table([
            .init("id", "Receiver"), .init("n", "Waiting", isNumber: true),
            .init("wrong", "What is wrong", isNote: true), .init("url", "Address", isNote: true),
        ])
        table.add(["gazette", "7", "", "https://gazette.example.vn/motcua"])
        table.add(["portal", "12", "it refused the log-in for the fourth time: 99", "https://adapter.example.vn"])
        let wide = Terminal(isInteractive: false, hasColour: false, width: 100)
        #expect(table.text(wide).split(separator: "\n").count == 4)
        let narrow = Terminal(isInteractive: false, hasColour: false, width: 46)
        #expect(
            table.text(narrow) == """
                Receiver  Waiting
                ─────────────────
                gazette         7
                  Address: https://gazette.example.vn/motcua
                portal         12
                  What is wrong: it refused the log-in for
                    the fourth time: 99
                  Address: https://adapter.example.vn

                """)
    }

    @Test func `what the portal has otherwise fits eighty columns`() {
        let trouble = PortalTrouble(
            legalCode: "000.00.41.H17-260303-0042", state: "acknowledged", sent: 12, acknowledged: 12, code: nil,
            message: nil, difference: "TrangThaiHoSo is “2” there and “4” here; NgayHenTra is “20260310170000” there",
            repairedAt: 1_772_676_000_000_000, changedAt: 1_772_676_000_000_000)
        let lines = Portal.table([trouble]).text(Self.plain).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
        #expect(lines.contains("  Repaired: 2026-03-05T09:00:00+07:00"))
        #expect(Webhooks.List.table([]).text(Self.plain).split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func `a table in JSON keeps numbers as numbers`() {
        var table = Table([.init("agency", "Cơ quan"), .init("count", "Hồ sơ", isNumber: true)])
        table.add(["Công an", "12"])
        #expect(table.json == [["agency": "Công an", "count": 12]])
    }

    @Test func `a row with too few cells is filled up`() {
        var table = Table([.init("a", "A"), .init("b", "B")])
        table.add(["1"])
        #expect(table.rows == [["1", ""]])
    }

    @Test func `failures are one line`() {
        #expect(CommandFailure(.notNow, "a\nb\r\n\tc").oneLine == "a b c")
    }
}

@Suite struct ServerAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("localhost:81", "http://localhost:81"),
        ("localhost", "http://localhost:80"), ("http://a-b.vn:1/", "http://a-b.vn:1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ])
    func `an address is read`(_ text: String, _ address: String) {
        #expect(ServerAddress(text)?.description == address)
    }

    @Test(arguments: ["", "https://a", "a:0", "a:65536", "a:b", "http://", "a b", "a/b", "a:1:2x", "[::1", "[::1]x"])
    func `what is no address is refused`(_ text: String) {
        #expect(ServerAddress(text) == nil)
    }
}

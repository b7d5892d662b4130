import JSONText
import Notices
import Procedures

/// What a demo day came to, read back through the API and the citizens' pages.
struct DemoReport: Sendable {
    let script: DemoScript
    let centres: [DemoCentre]
    let desks: [DemoDesk]
    let pages: HTTPClient
    let terminal: Terminal

    /// Prints the tables and the look-up codes.
    func show() async throws {
        terminal.line()
        terminal.line(terminal.styled("Hồ sơ theo trạng thái công khai / Dossiers by public stage", .bold))
        terminal.write(try await stages().text(terminal))
        terminal.line()
        terminal.line(terminal.styled("Công việc theo cơ quan / Work by agency", .bold))
        terminal.write(try await agencies().text(terminal))
        terminal.line()
        terminal.line(terminal.styled("Tra cứu thử / Look up", .bold))
        for (scenario, lookUp) in script.lookUps(of: [.residenceVerified, .birthSupplementOpen, .residenceRefusal]) {
            let stage = try await stage(of: lookUp.code)
            terminal.line("  \(lookUp.code)  \(pages.address)/ho-so/\(lookUp.code)")
            terminal.line("                  \(DemoReport.caption(scenario)); \(stage)")
        }
        showTroubles()
    }

    private static func caption(_ scenario: Scenario) -> String {
        switch scenario {
        case .residenceVerified: "công an đã xác minh nơi cư trú / the police verified the residence"
        case .birthSupplementOpen: "chờ người nộp bổ sung / waiting for the applicant"
        case .residenceRefusal: "thường trú bị từ chối, thẻ vẫn cấp / residence refused, card issued"
        default: scenario.rawValue
        }
    }

    private func showTroubles() {
        let troubles = script.troubles
        guard !troubles.isEmpty else { return }
        terminal.line()
        terminal.line(terminal.styled("Ngoài dự kiến / Unexpected", .bad))
        for (text, count) in troubles { terminal.line("  \(count) × \(text)") }
    }

    /// Roots by public stage, in the order of a dossier's life.
    private func stages() async throws -> Table {
        var counts: [PublicStage: [String: Int]] = [:]
        for centre in centres {
            var path: String? = "/v1/dossiers?centre=true&procedure=birth-residence-insurance&limit=200"
            while let page = path {
                let answer = try await centre.client.get(page).json
                for dossier in answer["items"]?.arrayValue ?? [] {
                    guard let stage = dossier["stage"]?["name"]?.stringValue.flatMap(PublicStage.init(rawValue:)) else {
                        continue
                    }
                    counts[stage, default: [:]][centre.code, default: 0] += 1
                }
                path = answer["next"]?.stringValue
            }
        }
        return DemoReport.stages(
            counts, centres.map { (code: $0.code, place: place(of: $0)) }, within: terminal.width)
    }

    /// The stages as a table of at most so many columns; the English words only where they fit.
    /// - Parameter centres: each with the heading of its column.
    static func stages(
        _ counts: [PublicStage: [String: Int]], _ centres: [(code: String, place: String)], within width: Int
    ) -> Table {
        let both = stages(counts, centres, inBothLanguages: true)
        return both.width <= width ? both : stages(counts, centres, inBothLanguages: false)
    }

    private static func stages(
        _ counts: [PublicStage: [String: Int]], _ centres: [(code: String, place: String)], inBothLanguages: Bool
    ) -> Table {
        var columns: [Table.Column] = [.init("stage", "Trạng thái")]
        if inBothLanguages { columns.append(.init("english", "Stage")) }
        columns += centres.map { Table.Column($0.code, $0.place, isNumber: true) }
        columns.append(.init("all", inBothLanguages ? "Tất cả / All" : "Tất cả", isNumber: true))
        var table = Table(columns)
        var sums = [Int](repeating: 0, count: centres.count + 1)
        for stage in PublicStage.allCases {
            guard let row = counts[stage] else { continue }
            let cells = centres.map { row[$0.code] ?? 0 }
            let numbers = cells + [cells.reduce(0, +)]
            for place in sums.indices { sums[place] += numbers[place] }
            table.add([stage.tag.vi] + (inBothLanguages ? [stage.tag.en ?? ""] : []) + numbers.map(String.init))
        }
        table.total = ["Tất cả"] + (inBothLanguages ? ["All"] : []) + sums.map(String.init)
        return table
    }

    /// The place in a centre's name, short enough for a heading.
    private func place(of centre: DemoCentre) -> String {
        let name = desks.first { $0.agency.code == centre.code }?.agency.name.vi ?? centre.code
        let prefix = "Trung tâm Phục vụ hành chính công "
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    /// Each agency with what it finished and what lies open there.
    private func agencies() async throws -> Table {
        var table = Table([
            .init("agency", "Cơ quan / Agency"), .init("done", "Đã xong / Done", isNumber: true),
            .init("open", "Còn mở / Open", isNumber: true),
        ])
        var sums = (done: 0, open: 0)
        for desk in desks {
            let open = try await openTasks(of: desk)
            let done = script.done(by: desk.agency.code)
            guard open + done > 0 else { continue }
            sums = (sums.done + done, sums.open + open)
            table.add([desk.agency.name.vi, String(done), String(open)])
        }
        let calls = script.done(by: DemoCast.connector)
        table.add(["Hệ thống hộ tịch điện tử / civil status system", String(calls), "0"])
        table.total = ["Tất cả / All", String(sums.done + calls), String(sums.open)]
        return table
    }

    private func openTasks(of desk: DemoDesk) async throws -> Int {
        var count = 0
        var path: String? = "/v1/tasks?kind=person&limit=200"
        while let page = path {
            let answer = try await desk.client.get(page).json
            count += answer["items"]?.arrayValue?.count ?? 0
            path = answer["next"]?.stringValue
        }
        return count
    }

    /// What the citizens' side says of a code, as soon as the feed knows it.
    private func stage(of code: String) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            let answer = try await pages.send(HTTPCall(.get, "/v1/progress/\(code)"))
            if answer.status == 200, let json = try? JSONValue.parse(answer.body) {
                return json["stage"]?["tag"]?["vi"]?.stringValue ?? ""
            }
            guard ContinuousClock.now < deadline else { return "(\(answer.status))" }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}

import ArgumentParser
import JSONText
import Notices
import Procedures
import Testing
import WorkingTime

@testable import motcua

@Suite struct DemoTests {
    @Test func `a day clock stands still until it is told to run`() throws {
        let start = try #require(Instant(iso8601: "2026-08-24T07:30"))
        let clock = DayClock(start: start)
        #expect(clock.now() == start)
        #expect(clock.now() == start)
    }

    @Test func `a day clock never goes back when its speed changes`() throws {
        let clock = DayClock(start: try #require(Instant(iso8601: "2026-08-24T07:30")))
        var last = clock.now()
        for speed in [10_000, 1, 500, 0, 10_000, 3, -5, 20_000] {
            clock.run(at: speed)
            let now = clock.now()
            #expect(now >= last)
            last = now
        }
    }

    @Test func `desks are closed before opening, over lunch and after hours`() throws {
        let day = DemoDay(speed: 100)
        let expected: [(String, Bool)] = [
            ("07:29", false), ("07:30", true), ("11:29", true), ("11:30", false), ("12:59", false), ("13:00", true),
            ("16:59", true), ("17:00", false),
        ]
        for (time, isOpen) in expected {
            let instant = try #require(Instant(iso8601: "2026-08-24T\(time)"))
            #expect(day.isOpen(at: instant) == isOpen, "\(time)")
        }
        let close = try #require(Instant(iso8601: "2026-08-24T17:00"))
        #expect(day.isOver(at: close))
        #expect(!day.isOver(at: close.adding(seconds: -1)))
    }

    @Test(arguments: [("07:30", 0), ("12:15", 500), ("17:00", 1000), ("18:00", 1000)])
    func `progress runs from nothing to all`(_ time: String, _ progress: Int) throws {
        let instant = try #require(Instant(iso8601: "2026-08-24T\(time)"))
        #expect(DemoDay(speed: 100).progress(at: instant) == progress)
    }

    /// Counted by activation and not by reading: a desk that looks twice has not been there twice.
    @Test func `looking at a task again is not another visit`() throws {
        let script = DemoScript()
        let sample = SampleDossier(
            reference: "DEMO-0001", centre: "A", channel: "desk", form: [:], documents: [:], scenario: .deskSupplement,
            arrives: .midnight, child: SampleChild(personalNumber: "1", registerNumber: "2", cardNumber: "3"))
        script.submitted(sample, id: "1.a", lookUp: "X")
        func outcome(_ activation: Int) -> String? {
            let decision = script.decision(
                root: "1.a", dossier: "1.a", procedure: "birth-residence-insurance", step: "receive",
                activation: activation)
            if case .complete(let outcome, _) = decision { return outcome }
            return nil
        }
        #expect(outcome(1) == "supplement")
        #expect(outcome(1) == "supplement")
        #expect(outcome(4) == "accept")
        #expect(outcome(1) == "supplement")
    }

    @Test func `a withdrawal is given once, when it is due`() throws {
        let script = DemoScript()
        let sample = SampleDossier(
            reference: "DEMO-0001", centre: "A", channel: "desk", form: [:], documents: [:], scenario: .withdrawnEarly,
            arrives: .midnight, child: SampleChild(personalNumber: "1", registerNumber: "2", cardNumber: "3"))
        script.submitted(sample, id: "1.a", lookUp: "X")
        let at = try #require(Instant(iso8601: "2026-08-24T08:00"))
        script.withdraws("1.a", at: at)
        #expect(script.dueWithdrawals(centre: "A", at: at.adding(seconds: -1)) == [])
        #expect(script.dueWithdrawals(centre: "B", at: at) == [])
        #expect(script.dueWithdrawals(centre: "A", at: at) == ["1.a"])
        #expect(script.dueWithdrawals(centre: "A", at: at) == [])
    }

    @Test func `a folder that no demo made is not emptied`() throws {
        let folder = "/tmp/motcua-test-folder-\(UInt32.random(in: .min ... .max))"
        try Installation.makeFolder("\(folder)/letters")
        #expect(throws: CommandFailure.self) { try DemoFolder.empty(folder) }
        #expect(try LocalFiles.isFolder("\(folder)/letters"))
        try Installation.makeFolder("\(folder)/mine")
        try DemoFolder.empty("\(folder)/mine")
        try Installation.makeFolder("\(folder)/mine/left/over")
        try DemoFolder.empty("\(folder)/mine")
        #expect(throws: CommandFailure.self) { try LocalFiles.isFolder("\(folder)/mine/left") }
        DemoFolder.remove(folder)
    }
}

@Suite struct CommandLineTests {
    @Test(arguments: [
        ["serve"], ["serve", "--clock", "2026-08-24T07:30@60", "--port", "0"], ["demo", "--dossiers", "30"],
        ["check", "a.yaml", "--format", "sarif"], ["load", "a.yaml", "--client", "x"], ["migrate"],
        ["submit", "-", "--client", "x"], ["submit", "b.json", "--client", "x", "--sibling", "48.x"], ["status", "X"],
        ["client", "add", "a", "--agency", "000.00.01.H17"],
        ["client", "add", "a", "--connector", "c", "--province", "p"], ["due", "2026-04-24", "3 working days"],
        ["feed"], ["feed", "--no-prepared", "--source", "host=pooler"],
        ["serve", "--no-prepared", "--database", "a", "--engine-database", "b", "--feed-database", "c"],
        ["serve", "--no-prepared", "--engine-database", "b", "--feed-database", "c"],
        ["webhook", "list", "--no-prepared", "--feed-database", "c"],
        ["report", "form", "--province", "48", "--month", "2026-03", "--to", "a.xlsx"],
        ["report", "dossiers", "late", "--province", "48", "--month", "2026-03", "--agency", "000.00.01.H17"],
        ["report", "dossiers", "10", "--province", "48", "--month", "2026-03"],
        ["report", "dossiers", "on-time/numerator", "--province", "48", "--month", "2026-03", "--field", "ho-tich"],
    ])
    func `commands are understood`(_ arguments: [String]) throws {
        _ = try MotCua.parseAsRoot(arguments)
    }

    @Test(arguments: [
        ["serve", "--port", "70000"], ["serve", "--clock", "yesterday"], ["serve", "--clock", "2026-08-24T07:30@0"],
        ["serve", "--proxy", "nonsense"], ["demo", "--dossiers", "29"], ["demo", "--speed", "1"], ["check"],
        ["check", "a", "--format", "xml"], ["check", "a", "--language", "fr"], ["client", "add", "A"],
        ["client", "add", "a", "--agency", "x", "--admin"], ["client", "add", "a"], ["nonsense"],
        ["serve", "--no-prepared"], ["serve", "--no-prepared", "--database", "host=db"],
        ["serve", "--engine-database", "host=db"],
        ["report", "form", "--province", "48", "--month", "2026-13", "--to", "a.csv"],
        ["report", "form", "--province", "48", "--month", "2026-03", "--to", "a.doc"],
        ["report", "dossiers", "persons", "--province", "48", "--month", "2026-03"],
        ["report", "dossiers", "14", "--province", "48", "--month", "2026-03"],
        [
            "report", "dossiers", "late", "--province", "48", "--month", "2026-03", "--field", "a", "--procedure", "b",
        ],
    ])
    func `what makes no sense is refused with the usage code`(_ arguments: [String]) throws {
        let error = #expect(throws: (any Error).self) { try MotCua.parseAsRoot(arguments) }
        let thrown = try #require(error)
        #expect(MotCua.exitCode(for: thrown) == .validationFailure)
    }

    @Test func `every command explains itself with an example`() {
        let all: [any ParsableCommand.Type] = [
            Serve.self, Feed.self, Demo.self, Migrate.self, Clients.Add.self, Check.self, Load.self, Due.self,
            Submit.self, Status.self, Reports.Form.self, Reports.Dossiers.self,
        ]
        for command in all {
            #expect(command.configuration.abstract.hasSuffix("."))
            #expect(command.configuration.discussion.contains("Example"), "\(command)")
        }
    }

    @Test(arguments: [
        (["due", "2026-04-24", "3 days"], "motcua due --help"), (["client", "add", "A"], "motcua client add --help"),
        (["--nonsense", "due"], "motcua --help"), (["client", "x"], "motcua client --help"), ([], "motcua --help"),
    ])
    func `a mistake names the help that explains it`(_ arguments: [String], _ help: String) {
        #expect(MotCua.helpCommand(for: arguments) == help)
    }

    /// Every command there is, with those below it.
    private static func commands(below command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap { commands(below: $0) }
            + command.configuration.groupedSubcommands.flatMap { $0.subcommands.flatMap { commands(below: $0) } }
    }

    @Test func `help reads well in a terminal of 80 columns`() {
        let all = Self.commands(below: MotCua.self)
        #expect(all.count > 20)
        for command in all {
            #expect(command.configuration.abstract.hasSuffix("."), "\(command)")
            let lines = command.configuration.discussion.split(separator: "\n", omittingEmptySubsequences: false)
            // What is set in must keep its lines; what is not must be one line a paragraph, broken by the terminal alone.
            for line in lines where line.hasPrefix(" ") { #expect(line.count <= 80, "\(command): \(line)") }
            for (line, next) in zip(lines, lines.dropFirst()) {
                let isBroken = !line.isEmpty && !next.isEmpty && !line.hasPrefix(" ") && !next.hasPrefix(" ")
                #expect(!isBroken, "\(command): \(line)")
            }
        }
    }

    @Test func `the files of the project are sound`() throws {
        let texts = try LocalFiles.workflows([Workflows.folder])
        let report = Check.report(texts, about: Set(texts.keys))
        #expect(!report.hasErrors, "\(report.text(in: .en))")
    }

    @Test func `a due date is explained day by day`() throws {
        let command = try Due.parse([
            "2026-04-24T15:30", "3 working days", "--cut-off", "15:00", "--workflows", Workflows.folder + "/calendars",
        ])
        let explanation = try command.explanation()
        #expect(explanation.due.instant == Instant(iso8601: "2026-05-05T17:00"))
        #expect(Due.table(explanation).rows.count == 12)
    }

    @Test func `what due explains is read on 80 columns, every reason of it`() throws {
        let command = try Due.parse([
            "2026-04-24T15:30", "3 working days", "--cut-off", "15:00", "--workflows", Workflows.folder + "/calendars",
        ])
        let explanation = try command.explanation()
        let text = Due.table(explanation).text(Terminal(isInteractive: false, hasColour: false, width: 80))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let said = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for day in explanation.days {
            #expect(said.contains(day.date.description))
            #expect(said.contains("\(day.reason.vi) \(day.reason.en)"))
        }
    }

    @Test(arguments: [
        ["x", "3 working days"], ["2026-04-24", "3 days"], ["2026-04-24", "1 working day", "--counting", "odd"],
        ["2026-04-24", "1 working day", "--cut-off", "25:00"], ["2026-04-24", "1 working day", "--pause", "x/y"],
    ])
    func `what due cannot read is said`(_ arguments: [String]) throws {
        let command = try Due.parse(arguments + ["--workflows", Workflows.folder + "/calendars"])
        #expect(throws: ValidationError.self) { try command.explanation() }
    }
}

import ArgumentParser
import PublicFeed

/// `motcua portal`: the national public service portal.
struct Portal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portal", abstract: "Synchronises dossiers with the national public service portal.",
        discussion: """
            Every notice of a dossier with a legal code and a national procedure code goes to the portal's adapter as \
            DongBoHoSoMC and CapNhatTienDoHoSoMC, one dossier's messages each after the one before was acknowledged \
            (docs/portal.md has the mapping, and what of it nobody has verified). Every night what the portal has is \
            compared (TraCuuHoSo); what differs is named and sent again. Pause, resume, remove, dead and replay of \
            `motcua webhook` work on the portal's id too.
            """,
        subcommands: [Connect.self, Password.self, Show.self, Reconcile.self])

    /// `motcua portal connect`.
    struct Connect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Connects the portal's adapter.",
            discussion: """
                Example:
                  motcua portal connect --url https://adapter.danang.gov.vn/integration \\
                    --unit 000.00.00.H17 --province 48 \\
                    --username dn-sync --password-file /etc/motcua/portal-password
                """)

        @OptionGroup var name: PortalName

        @Option(help: "Where the adapter takes messages.")
        var url: String

        @Option(help: "Where one logs in. Default: the address of the messages with /login.")
        var loginURL: String?

        @Option(help: "`madonvi`: the identifier of the province at the portal.")
        var unit: String

        @Option(help: "`dstcode`, if the adapter wants one.")
        var destination: String?

        @Option(help: "The account.")
        var username: String

        @OptionGroup var secret: PasswordFile

        @Option(help: "A file of certificates (PEM) to trust instead of the system's.")
        var trust: String?

        @Flag(help: "The adapter is in the network inside: private addresses and http are allowed.")
        var inside = false

        @OptionGroup(title: "Which dossiers (default: all)")
        var wish: FilterOptions

        @Flag(help: "Send everything since the first notice, not only what comes from now on.")
        var fromStart = false

        @OptionGroup var desk: DeliveryDeskOptions

        func run() async throws {
            let command = self
            let password = try secret.read()
            var settings = PortalSettings(unit: unit, username: username)
            settings.loginURL = loginURL
            settings.destination = destination
            settings.trustFile = trust
            let account = settings
            try await desk.atDesk { desk in
                try await desk.connectPortal(
                    command.name.id, url: command.url, reach: command.inside ? .inside : .internet,
                    filter: command.wish.filter, settings: account, password: password, fromStart: command.fromStart)
            }
            Terminal.standard.line("\(name.id) is connected; `motcua portal status` shows how it goes.")
        }
    }

    /// `motcua portal password`.
    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Replaces the password of the portal's account.")

        @OptionGroup var name: PortalName

        @OptionGroup var secret: PasswordFile

        @OptionGroup var desk: DeliveryDeskOptions

        func run() async throws {
            let (id, password) = (name.id, try secret.read())
            try await desk.atDesk { try await $0.replacePassword(id, password) }
            Terminal.standard.line("The password is replaced; a log-in that failed is tried again after `resume`.")
        }
    }

    /// `motcua portal status`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Shows how far the portal follows, what it refuses and what differs.")

        @OptionGroup var name: PortalName

        @Option(help: "At most so many dossiers, the newest first.")
        var limit = 50

        @OptionGroup var desk: DeliveryDeskOptions

        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() async throws {
            let (id, limit, format) = (name.id, limit, format)
            try await desk.atDesk { try await Portal.show(id, $0, limit: max(1, limit), format) }
        }
    }

    /// `motcua portal reconcile`.
    struct Reconcile: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares with the portal now, instead of at night, and shows what differs.",
            discussion: """
                The server that runs does it; this command waits for its end. What differs is sent again at once. Exit code \
                2 when it has not ended within --wait.
                """)

        @OptionGroup var name: PortalName

        @Option(help: "Seconds to wait, 0…86400.")
        var wait = 600

        @OptionGroup var desk: DeliveryDeskOptions

        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func validate() throws {
            guard (0...86_400).contains(wait) else { throw ValidationError("--wait must be 0…86400 seconds.") }
        }

        func run() async throws {
            let (id, wait, format) = (name.id, wait, format)
            try await desk.atDesk { desk in
                try await desk.reconcile(id)
                let end = ContinuousClock.now + .seconds(wait)
                while try await desk.isReconciling(id) {
                    guard ContinuousClock.now < end else {
                        throw CommandFailure(
                            .notNow, "the comparison has not ended yet: does a server run? `motcua portal status` tells"
                        )
                    }
                    try await Task.sleep(for: .milliseconds(500))
                }
                try await Portal.show(id, desk, limit: 50, format)
            }
        }
    }

    private static func show(_ id: String, _ desk: DeliveryDesk, limit: Int, _ format: OutputFormat) async throws {
        guard let row = try await desk.list().first(where: { $0.id == id && $0.kind == "portal" }),
            let standing = try await desk.portal(id)
        else { throw CommandFailure(.no, "“\(id)” is not connected: see `motcua portal connect --help`") }
        if format == .text {
            Terminal.standard.line("\(id): \(row.state). \(row.reason ?? row.lastFailure ?? "")")
            Terminal.standard.line(
                "acknowledged \(standing.acknowledgedCount), on the way \(standing.sentCount), refused "
                    + "\(standing.refusedCount), waiting \(row.waitingCount)")
            Terminal.standard.line(
                "differing \(standing.differingCount), sent again and acknowledged \(standing.repairedCount)")
            let compared = standing.comparedAt.map { "compared \(Webhooks.time($0))" } ?? "not compared yet"
            Terminal.standard.line("\(compared), next \(Webhooks.time(standing.nextComparisonAt))")
        }
        let troubles = try await desk.portalTroubles(id, limit: limit)
        if troubles.isEmpty, format == .text { return }
        table(troubles).show(format)
    }

    /// What the portal refuses or had otherwise; on a narrow terminal what it says stands below the dossier.
    static func table(_ troubles: [PortalTrouble]) -> Table {
        var table = Table([
            .init("code", "Dossier"), .init("state", "State"), .init("sent", "Sent", isNumber: true),
            .init("acknowledged", "Acknowledged", isNumber: true), .init("portalCode", "Code"),
            .init("message", "The portal says", isNote: true), .init("difference", "Difference", isNote: true),
            .init("repairedAt", "Repaired", isNote: true), .init("changedAt", "Changed", isNote: true),
        ])
        for trouble in troubles {
            table.add([
                trouble.legalCode, trouble.state, "\(trouble.sent)", "\(trouble.acknowledged)", trouble.code ?? "",
                trouble.message ?? "", trouble.difference ?? "", Webhooks.time(trouble.repairedAt),
                Webhooks.time(trouble.changedAt),
            ])
        }
        return table
    }
}

/// The name of a portal on the command line.
struct PortalName: ParsableArguments {
    @Option(name: .customLong("name"), help: "The connection's id: small letters, digits and hyphens.")
    var id = "national-portal"

    func validate() throws {
        guard id.wholeMatch(of: #/[a-z0-9-]{1,60}/#) != nil else {
            throw ValidationError("The name is 1…60 small letters, digits and hyphens.")
        }
    }
}

/// A password on the command line: in a file, because others can see a command's arguments.
struct PasswordFile: ParsableArguments {
    @Option(help: "A file whose first line is the password, or MOTCUA_PORTAL_PASSWORD.")
    var passwordFile: String?

    /// The password.
    func read() throws -> String {
        if let passwordFile {
            let text = String(decoding: try LocalFiles.bytes(passwordFile, byteCountMax: 4096), as: UTF8.self)
            if let line = text.split(whereSeparator: \.isNewline).first { return String(line) }
            throw CommandFailure(.notNow, "\(passwordFile) is empty")
        }
        guard let password = DataOptions.environment("MOTCUA_PORTAL_PASSWORD") else {
            throw ValidationError("--password-file or the variable MOTCUA_PORTAL_PASSWORD is needed.")
        }
        return password
    }
}

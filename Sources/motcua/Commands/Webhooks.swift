import ArgumentParser
import PublicFeed
import WorkingTime

/// `motcua webhook`: who is told of every dossier's progress.
struct Webhooks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Manages who is told of dossiers' progress.",
        discussion: """
            A receiver gets every change of a dossier's degree of completion as a signed POST: CloudEvents 1.0 in the \
            envelope of Standard Webhooks 1.0 (docs/webhooks.md). It learns the legal code and the stage, as everybody may, \
            and never a look-up code. The server that runs sees a change within a second.

            What a receiver does not take is tried again for more than three days. One that takes nothing for so long is \
            disabled, keeps its place, and goes on from there after `resume`. A single message that it refuses to the end \
            becomes a dead letter, which `dead` shows and `replay` sends again.
            """,
        subcommands: [
            Add.self, List.self, Rotate.self, Pause.self, Resume.self, Remove.self, Dead.self, Replay.self,
        ])

    /// `motcua webhook add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a receiver and prints its secret, once.",
            discussion: """
                The address must be https and lead to the public internet: names that lead to private addresses are not \
                called, redirects are not followed. Agencies are those that gave the legal code, as the code begins.

                Examples:
                  motcua webhook add gazette --url https://gazette.example.vn/motcua
                  motcua webhook add ward --url https://ward.example.vn --agency 000.00.01.H17
                  motcua webhook add try-out --url http://127.0.0.1:9000/ --loopback
                """)

        @OptionGroup var id: ReceiverID

        @Option(help: "Where it listens: https://…")
        var url: String

        @OptionGroup(title: "What it wants (default: everything)")
        var wish: FilterOptions

        @Flag(help: "Tell it everything since the first notice, not only what comes from now on.")
        var fromStart = false

        @Flag(help: "Only for tests: a receiver on this machine, http allowed.")
        var loopback = false

        @OptionGroup var desk: DeliveryDeskOptions

        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() async throws {
            let command = self
            try await desk.atDesk { desk in
                let secret = try await desk.addWebhook(
                    command.id.id, url: command.url, reach: command.loopback ? .loopback : .internet,
                    filter: command.wish.filter, fromStart: command.fromStart)
                Webhooks.show(secret, of: command.id.id, command.format)
            }
        }
    }

    /// `motcua webhook list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the receivers, how far each is, and what is wrong.",
            discussion: """
                “Waiting” counts the places of the provinces' sequences that a receiver has not been told yet; “again” what \
                it refused and is tried again; “dead” what is not tried any more.
                """)

        @OptionGroup var desk: DeliveryDeskOptions

        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() async throws {
            let format = format
            try await desk.atDesk { List.table(try await $0.list()).show(format) }
        }

        /// How each receiver stands; on a narrow terminal times, trouble and address stand below it.
        static func table(_ receivers: [ReceiverStanding]) -> Table {
            var table = Table([
                .init("receiver", "Receiver"), .init("kind", "Kind"), .init("state", "State"),
                .init("waiting", "Waiting", isNumber: true), .init("again", "Again", isNumber: true),
                .init("dead", "Dead", isNumber: true), .init("deliveredAt", "Last taken", isNote: true),
                .init("nextAttemptAt", "Next try", isNote: true), .init("problem", "What is wrong", isNote: true),
                .init("url", "Address", isNote: true),
            ])
            for row in receivers {
                table.add([
                    row.id, row.kind, row.state, "\(row.waitingCount)", "\(row.openCount)", "\(row.deadCount)",
                    Webhooks.time(row.deliveredAt), Webhooks.time(row.nextAttemptAt),
                    row.reason ?? row.lastFailure ?? "", row.url,
                ])
            }
            return table
        }
    }

    /// `motcua webhook rotate`.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a receiver a new secret and prints it, once.",
            discussion: """
                For some hours both secrets sign, so that the receiver can change over without missing anything. After a \
                secret was stolen say --overlap 0.

                Example:
                  motcua webhook rotate gazette --overlap 48
                """)

        @OptionGroup var id: ReceiverID

        @Option(help: "Hours during which the former secret signs too, 0…720.")
        var overlap = 24

        @OptionGroup var desk: DeliveryDeskOptions

        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func validate() throws {
            guard (0...720).contains(overlap) else { throw ValidationError("--overlap must be 0…720 hours.") }
        }

        func run() async throws {
            let command = self
            try await desk.atDesk { desk in
                let secret = try await desk.rotate(command.id.id, overlapSeconds: Int64(command.overlap) * 3600)
                Webhooks.show(secret, of: command.id.id, command.format)
            }
        }
    }

    static func show(_ secret: WebhookSecret, of id: String, _ format: OutputFormat) {
        var table = Table([.init("receiver", "Receiver"), .init("secret", "Secret (shown this once)")])
        table.add([id, secret.text])
        table.show(format)
    }

    /// A time as it stands in tables: empty for none.
    static func time(_ microseconds: Int64?) -> String {
        microseconds.map { Instant(microseconds: $0 / 1_000_000 * 1_000_000).iso8601 } ?? ""
    }
}

/// The name of a receiver on the command line.
struct ReceiverID: ParsableArguments {
    @Argument(help: "The receiver's id: small letters, digits and hyphens.")
    var id: String

    func validate() throws {
        let isName = id.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard isName, (1...60).contains(id.utf8.count) else {
            throw ValidationError("The id is 1…60 small letters, digits and hyphens.")
        }
    }
}

/// Which dossiers a receiver wants.
struct FilterOptions: ParsableArguments {
    @Option(name: .customLong("province"), help: "A province, by number. May be repeated.")
    var provinces: [Int16] = []

    @Option(name: .customLong("agency"), help: "An agency that gives legal codes, by code. May be repeated.")
    var agencies: [String] = []

    @Option(name: .customLong("procedure"), help: "A procedure, by key. May be repeated.")
    var procedures: [String] = []

    var filter: SubscriberFilter {
        SubscriberFilter(provinces: provinces, agencies: agencies, procedures: procedures)
    }
}

import ArgumentParser
import PublicFeed

extension Webhooks {
    /// `motcua webhook pause`.
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stops telling a receiver; its place is kept.")

        @OptionGroup var id: ReceiverID

        @Option(help: "Why, for whoever reads the list.")
        var reason = "paused by an administrator"

        @OptionGroup var desk: DeliveryDeskOptions

        func run() async throws {
            let (id, reason) = (id.id, reason)
            try await desk.atDesk { try await $0.pause(id, reason: reason) }
            Terminal.standard.line("\(id) is paused; `motcua webhook resume \(id)` goes on from here.")
        }
    }

    /// `motcua webhook resume`.
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Goes on with a receiver that is paused, disabled or failing, at once.",
            discussion: """
                It is told everything since it stopped, in order. With --skip it is told only what comes from now on.

                Example:
                  motcua webhook resume gazette
                """)

        @OptionGroup var id: ReceiverID

        @Flag(help: "Leave out what came meanwhile.")
        var skip = false

        @OptionGroup var desk: DeliveryDeskOptions

        func run() async throws {
            let (id, skip) = (id.id, skip)
            try await desk.atDesk { try await $0.resume(id, skipping: skip) }
            Terminal.standard.line("\(id) is told again.")
        }
    }

    /// `motcua webhook remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes a receiver with its secrets, its place and its dead letters.")

        @OptionGroup var id: ReceiverID

        @OptionGroup var desk: DeliveryDeskOptions

        func run() async throws {
            let id = id.id
            try await desk.atDesk { try await $0.remove(id) }
            Terminal.standard.line("\(id) is removed.")
        }
    }

    /// `motcua webhook dead`.
    struct Dead: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what a receiver refused to the end.",
            discussion: """
                A letter is named by its province and its place in the province's sequence, such as 48-1207: the event's id \
                begins with it.
                """)

        @OptionGroup var id: ReceiverID

        @Option(help: "At most so many, the oldest first.")
        var limit = 100

        @OptionGroup var desk: DeliveryDeskOptions

        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() async throws {
            let (id, limit, format) = (id.id, limit, format)
            try await desk.atDesk { desk in
                var table = Table([
                    .init("letter", "Letter"), .init("code", "Dossier"), .init("attempts", "Tries", isNumber: true),
                    .init("since", "Since", isNote: true), .init("deadAt", "Given up", isNote: true),
                    .init("lastFailure", "What it said", isNote: true),
                ])
                for letter in try await desk.deadLetters(id, limit: max(1, limit)) {
                    table.add([
                        "\(letter.province)-\(letter.n)", letter.legalCode ?? "", "\(letter.attempts)",
                        Webhooks.time(letter.since), Webhooks.time(letter.deadAt), letter.lastFailure ?? "",
                    ])
                }
                table.show(format)
            }
        }
    }

    /// `motcua webhook replay`.
    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends dead letters again, under the same ids.",
            discussion: """
                Its receiver may have got later news of the same dossier meanwhile: `sequence` tells it which is newer.

                Examples:
                  motcua webhook replay gazette --all
                  motcua webhook replay gazette --letter 48-1207 --letter 48-1311
                """)

        @OptionGroup var id: ReceiverID

        @Flag(help: "All of them.")
        var all = false

        @Option(name: .customLong("letter"), help: "One, as `dead` names it. May be repeated.")
        var letters: [LetterName] = []

        @OptionGroup var desk: DeliveryDeskOptions

        func validate() throws {
            guard all != !letters.isEmpty else { throw ValidationError("Give --all, or --letter.") }
        }

        func run() async throws {
            let id = id.id
            let names = all ? nil : letters.map { (province: $0.province, n: $0.n) }
            try await desk.atDesk { desk in
                let count = try await desk.replay(id, names)
                Terminal.standard.line("\(count) letter(s) are tried again.")
            }
        }
    }
}

/// A letter on the command line: `48-1207`.
struct LetterName: ExpressibleByArgument, Hashable, Sendable {
    let province: Int16
    let n: Int64

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let province = Int16(parts[0]), let n = Int64(parts[1]), n >= 0 else { return nil }
        self.province = province
        self.n = n
    }
}

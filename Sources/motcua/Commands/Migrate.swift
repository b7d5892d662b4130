import ArgumentParser
import Logging

/// `motcua migrate`: the schema alone.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the database up to date and ends.",
        discussion: """
            `motcua serve` does the same at its start. Run it by itself before several servers are started, or where the \
            owner's password must not be with the server: `motcua serve` with --engine-database and --feed-database alone \
            checks the schema and changes nothing. Connect directly, not through a pooler.

            Example:
              motcua migrate --database "host=db dbname=motcua user=motcua_owner"
            """)

    @OptionGroup(title: "Data")
    var data: DataOptions

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func run() async throws {
        guard let owner = data.addresses?.owner else {
            throw ValidationError(
                "--database is needed; MotCua's own PostgreSQL is brought up to date by `motcua serve`.")
        }
        let logger = LogOptions.silent
        let applied = try await Installation.migrate(owner, logger: logger)
        var table = Table([.init("migration", "Migration")])
        for name in applied { table.add([name]) }
        if applied.isEmpty, format == .text {
            return Terminal.standard.line("Nothing to do: the schema is up to date.")
        }
        table.show(format)
    }
}

import ArgumentParser
import Edge
import Engine
import Logging
import Vault

/// `motcua keys`: the key file and its versions. Nothing here can make a value unreadable: versions are added, never removed.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows the key file's versions; adds one, and puts it to use.",
        discussion: """
            The key file seals personal values: each dossier has a key of its own, wrapped under the version in use. To \
            rotate, while the servers run:

              1. motcua keys add      adds a version to the file. Nothing uses it yet.
              2. Back the file up, apart from the database; copy it to every other server.
              3. motcua keys use      new dossiers are wrapped under it within seconds,
                                      older ones in the background.
              4. motcua keys          says when every dossier is under it.

            Older versions stay in the file: backups of the database need them. Each command may be given again without harm.
            """,
        subcommands: [Status.self, Add.self, Use.self], defaultSubcommand: Status.self)

    /// `motcua keys status`: how the keys stand.
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the key file, the version in use, and what is left.")

        @OptionGroup(title: "Data")
        var data: DataOptions

        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() async throws {
            let format = format
            try await Keys.withEngine(data) { parts in
                Keys.show(try await parts.checkKeys(), newest: parts.keys.currentVersion, format)
            }
        }
    }

    /// `motcua keys add`: a new version, which nothing uses yet.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a version to the key file; nothing uses it yet.")

        @OptionGroup(title: "Data")
        var data: DataOptions

        func run() async throws {
            let path = data.keyFile
            try await Keys.withEngine(data) { parts in
                let standing = try await parts.checkKeys()
                let newest = parts.keys.currentVersion
                guard newest == standing.inUse else {
                    return Terminal.standard.line(
                        "Nothing to do: version \(newest) is in \(path) and not in use yet. Next: motcua keys use")
                }
                let added = try CommandFailure.telling { () throws(VaultError) in try KeyFile.rotate(path) }
                    .currentVersion
                Terminal.standard.line(
                    "Version \(added) was added to \(path); version \(standing.inUse) stays in use. Next: back the file up apart "
                        + "from the database, copy it to every other server, then: motcua keys use")
            }
        }
    }

    /// `motcua keys use`: the newest version is used from now on.
    struct Use: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Has every server use the file's newest version from now on.")

        @OptionGroup(title: "Data")
        var data: DataOptions

        func run() async throws {
            try await Keys.withEngine(data) { parts in
                _ = try await parts.checkKeys()
                let newest = parts.keys.currentVersion
                guard try await parts.engine.useKeyVersion(newest) else {
                    return Terminal.standard.line("Nothing to do: version \(newest) is in use.")
                }
                Terminal.standard.line(
                    "Version \(newest) is in use. Running servers take it up within seconds and wrap older keys again in the "
                        + "background. See how far: motcua keys")
            }
        }
    }

    /// Runs `body` with the parts of a server of which nothing runs.
    private static func withEngine(
        _ data: DataOptions, _ body: @escaping @Sendable (ServerParts) async throws -> Void
    ) async throws {
        let logger = LogOptions.silent
        try await Installation.run(data, logger: logger) { installation in
            let parts = ServerParts(installation, clock: .system, registry: PrometheusRegistry())
            do { try await body(parts) } catch {
                await parts.close()
                throw error
            }
            await parts.close()
        }
    }

    private static func show(_ standing: KeyStanding, newest: UInt32, _ format: OutputFormat) {
        var table = Table([
            .init("identity", "Key file"), .init("newest", "Newest version"), .init("inUse", "In use"),
            .init("rewrapped", "Every dossier under it"),
        ])
        table.add([standing.identity, "\(newest)", "\(standing.inUse)", standing.isRewrapped ? "yes" : "not yet"])
        table.show(format)
    }
}

extension CommandFailure {
    /// Runs `body`; what the vault says becomes the command's one line.
    static func telling<Value>(_ body: () throws(VaultError) -> Value) throws(CommandFailure) -> Value {
        do throws(VaultError) { return try body() } catch { throw CommandFailure(.notNow, "\(error)") }
    }
}

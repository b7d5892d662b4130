import ArgumentParser
import Glibc
import NIOCore

/// The program: its commands, and what their failures look like.
@main
struct MotCua: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "motcua",
        abstract: "Runs the administrative procedures of a Vietnamese province.",
        discussion: """
            A procedure is a file that an officer can read beside the law; `motcua check` proves it sound. `motcua serve` \
            runs the engine, the API for one-stop centres and agencies, and the citizens' pages. `motcua demo` plays a \
            working day of invented people, and is the quickest way to see all of it.

            Exit codes:
              0   done
              1   done, and the answer is no: findings in a file, a dossier not found,
                  a request refused
              2   could not be done now: no server, no database, a file that cannot be read
              64  the command line was not understood

            Examples:
              motcua demo
              motcua check Workflows
              motcua serve --data /var/lib/motcua --workflows Workflows
              motcua due 2026-04-24T15:30 "3 working days" --cut-off 15:00
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Running",
                subcommands: [Serve.self, Feed.self, Demo.self, Migrate.self, Clients.self, Keys.self]),
            CommandGroup(name: "Telling others", subcommands: [Webhooks.self, Portal.self]),
            CommandGroup(
                name: "Procedure files",
                subcommands: [Check.self, Format.self, Diff.self, Load.self, Due.self]),
            CommandGroup(name: "Dossiers", subcommands: [Submit.self, Status.self]),
            CommandGroup(name: "Public log", subcommands: [Verify.self]),
            CommandGroup(name: "Statistics", subcommands: [Reports.self]),
        ])

    /// Parses and runs; every failure is one line on the standard error, and an exit code.
    static func main() async {
        do {
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Terminal.complain("motcua: \(failure.oneLine)")
            Glibc.exit(failure.code)
        } catch let failure as HTTPFailure {
            Terminal.complain("motcua: \(failure)")
            Glibc.exit(CommandFailure.Kind.notNow.rawValue)
        } catch let failure as IOError {
            // The listeners are what opens sockets for others; the rest has words of its own.
            let reason = String(cString: strerror(failure.errnoCode))
            Terminal.complain("motcua: cannot listen: \(reason); see --host, --port, --public-port, --operations-port")
            Glibc.exit(CommandFailure.Kind.notNow.rawValue)
        } catch {
            let said = message(for: error)
            // Help, the version and findings that a command has printed itself are no mistakes of the command line.
            guard exitCode(for: error) == .validationFailure, !said.isEmpty else { exit(withError: error) }
            var line = CommandFailure(.no, said).oneLine
            if line.hasSuffix(".") { line.removeLast() }
            Terminal.complain("motcua: \(line). See: \(helpCommand(for: Array(CommandLine.arguments.dropFirst())))")
            exit(withError: ExitCode.validationFailure)
        }
    }

    /// How to ask for the help of the command that these words name, as far as they name one.
    static func helpCommand(for arguments: [String]) -> String {
        var command: any ParsableCommand.Type = MotCua.self
        var words = ["motcua"]
        for word in arguments {
            let below =
                command.configuration.subcommands + command.configuration.groupedSubcommands.flatMap(\.subcommands)
            guard let next = below.first(where: { $0._commandName == word }) else { break }
            words.append(word)
            command = next
        }
        return (words + ["--help"]).joined(separator: " ")
    }
}

/// Why a command did not do what was asked: one line that says what to do.
struct CommandFailure: Error, Sendable, CustomStringConvertible {
    /// The exit codes, as `motcua --help` lists them.
    enum Kind: CInt, Sendable {
        case no = 1
        case notNow = 2
    }

    let kind: Kind
    let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// The exit code.
    var code: CInt { kind.rawValue }

    /// The description without line breaks and tabs, which texts of other programs may hold.
    var oneLine: String {
        description.split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
    }
}

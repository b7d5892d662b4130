import ArgumentParser
import Edge
import Logging
import Postgres
import PublicFeed

/// How the transparency log is signed.
struct PublicLogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The name of the logs, for ever: the public host without a scheme. Fixed at the first start. Default: "
                + "motcua.local. (MOTCUA_LOG_NAME)", valueName: "host"))
    var logName: String?

    @Option(
        help: ArgumentHelp(
            "The folder of the log's key and last checkpoints, which does not belong in the database's backup. "
                + "Default: transparency in the data folder.", valueName: "folder"))
    var logFolder: String?

    @Option(
        name: .customLong("witness"),
        help: ArgumentHelp(
            "The verifier key of a witness whose cosignatures are taken. May be repeated.", valueName: "vkey"))
    var witnesses: [String] = []

    func validate() throws { _ = try witnessKeys() }

    /// The witnesses' keys.
    /// - Throws: `ValidationError`, which names the first that does not read.
    func witnessKeys() throws -> [NoteKey] {
        try witnesses.map { text in
            guard let key = NoteKey(text), key.kind == .cosignature else {
                throw ValidationError("“\(text)” is no verifier key of a witness (name+id+key, of the kind 04).")
            }
            return key
        }
    }

    /// The name that was given.
    var name: String? { logName ?? DataOptions.environment("MOTCUA_LOG_NAME") }
}

/// The transparency log of a server: who reads it, who signs it, and how it says that it cannot.
struct PublicLog: Sendable {
    let reader: LogReader
    let signer: LogSigner
    /// Signs what the log does not hold: how satisfied people were.
    let satisfaction: SatisfactionSigning

    /// Opens the folder and the key; makes both at the first start.
    /// - Parameter dataFolder: where the folder lies unless the options say else; it must exist.
    /// - Throws: ``CommandFailure``; `ValidationError` for a witness's key that does not read.
    init(_ options: PublicLogOptions, dataFolder: String, feed: ConnectionPool, logger: Logger) throws {
        // Without one of its witnesses a log would stand less watched than its operator believes.
        let witnesses = try options.witnessKeys()
        do throws(LogFileError) {
            let folder = try LogFolder(options.logFolder ?? "\(dataFolder)/transparency")
            let keys = try LogKeys.open(folder, name: options.name)
            reader = LogReader(feed: feed, keys: keys, witnesses: witnesses)
            signer = LogSigner(feed: feed, folder: folder, keys: keys, logger: logger)
            satisfaction = SatisfactionSigning(keys: keys, folder: folder)
        } catch {
            throw CommandFailure(.notNow, "\(error)")
        }
    }

    /// Not ready while something is not signed; the pages go on.
    var check: ReadinessCheck {
        ReadinessCheck(name: "log") { [signer] in signer.complaint.map { .notReady($0) } ?? .ready }
    }
}

import ArgumentParser
import Glibc

/// How a command reaches the API, and as whom.
struct APIOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the API listens. (MOTCUA_API)", valueName: "url"))
    var api: String?

    @Option(help: ArgumentHelp("The client's id. (MOTCUA_CLIENT)", valueName: "id"))
    var client: String?

    @Option(help: ArgumentHelp("A file whose first line is the client's secret, or MOTCUA_SECRET.", valueName: "file"))
    var secretFile: String?

    /// A client of the API.
    /// - Throws: `ValidationError` or ``CommandFailure`` when something is missing.
    func makeClient() throws -> APIClient {
        let text = api ?? DataOptions.environment("MOTCUA_API") ?? "http://127.0.0.1:8080"
        guard let address = ServerAddress(text) else {
            throw ValidationError(
                "“\(text)” is no address such as http://127.0.0.1:8080; for https use a proxy on this machine.")
        }
        guard let id = client ?? DataOptions.environment("MOTCUA_CLIENT") else {
            throw ValidationError("--client is needed: `motcua client add` makes one.")
        }
        return APIClient(HTTPClient(address), .init(id: id, secret: try secret()), tryCountMax: 4)
    }

    private func secret() throws -> String {
        if let secretFile {
            let text = String(decoding: try LocalFiles.bytes(secretFile, byteCountMax: 4096), as: UTF8.self)
            if let line = text.split(whereSeparator: \.isNewline).first { return String(line) }
            throw CommandFailure(.notNow, "\(secretFile) is empty")
        }
        guard let secret = DataOptions.environment("MOTCUA_SECRET") else {
            throw ValidationError("--secret-file or the variable MOTCUA_SECRET is needed.")
        }
        return secret
    }
}

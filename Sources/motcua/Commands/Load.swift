import ArgumentParser
import JSONText
import ProcedureFiles

/// `motcua load`: procedure files into a running server.
struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Loads procedure files into a running server, through the API.",
        discussion: """
            The server checks each file as `motcua check` does, runs its examples, and refuses what is not sound. A \
            version that was published never changes: give a changed file a new version number.

            Example:
              MOTCUA_SECRET=… motcua load birth-registration.yaml --client admin
            """)

    @Argument(help: "Files, linked procedures before those that link them.")
    var files: [String]

    @OptionGroup(title: "API")
    var api: APIOptions

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func run() async throws {
        let client = try api.makeClient()
        var table = Table([.init("file", "Tệp / File"), .init("result", "Kết quả / Result")])
        var isRefused = false
        for file in files {
            let bytes = try LocalFiles.bytes(file, byteCountMax: 1 << 20)
            let key = "load-\(ProcedureFile.contentHash(bytes).prefix(40))"
            do {
                let answer = try await client.post("/v1/procedures", bytes: bytes, type: "application/yaml", key: key)
                table.add([file, answer.status == 201 ? "loaded" : "unchanged"])
            } catch let failure as APIFailure {
                guard failure.pause == nil, failure.status != 401 else {
                    throw CommandFailure(.notNow, failure.description)
                }
                isRefused = true
                table.add([file, failure.description])
            }
        }
        table.show(format)
        if isRefused { throw CommandFailure(.no, "not everything was loaded: `motcua check` shows why, line by line") }
    }
}

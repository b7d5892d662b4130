import ArgumentParser
import Edge
import Engine
import JSONText
import Logging

/// `motcua client`: who may use the API.
struct Clients: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Manages who may use the API.", subcommands: [Add.self])

    /// `motcua client add`: a new client, whose secret is printed once.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a client of the API and prints its secret, once.",
            discussion: """
                A client is the system of one agency, the adapter of an outside system, or an administrator's tool. It gets \
                access tokens at /oauth2/token by its id and secret. Only a keyed hash of the secret is stored: whoever \
                loses it makes a new client.

                Examples:
                  motcua client add dn-desk --agency 000.00.01.H17
                  motcua client add registry --connector civil-registry --province da-nang
                  motcua client add admin --admin --province da-nang
                  motcua client add inspector --audit --province da-nang
                """)

        @Argument(help: "The client's id: small letters, digits and hyphens.")
        var id: String

        @Option(help: "The agency whose system it is, by code.")
        var agency: String?

        @Option(help: "The outside system whose adapter it is.")
        var connector: String?

        @Option(help: "The province, by name; an agency's is its own.")
        var province: String?

        @Flag(help: "An administrator's tool: procedure files, what is stuck, clients, erasure.")
        var admin = false

        @Flag(help: "An auditor's tool: sees who read personal values, and never a value.")
        var audit = false

        @OptionGroup(title: "Data")
        var data: DataOptions

        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func validate() throws { _ = try request() }

        func run() async throws {
            let logger = LogOptions.silent
            let (request, format) = (try request(), format)
            try await Installation.run(data, logger: logger) { installation in
                let parts = ServerParts(installation, clock: .system, registry: PrometheusRegistry())
                try await parts.checkKeys()
                try await parts.engine.loadCatalogue()
                let made = try await ClientRegistrar(engine: parts.engine).add(request)
                await parts.close()
                var table = Table([.init("client", "Client"), .init("secret", "Secret (shown this once)")])
                table.add([made.id, made.secret])
                table.show(format)
            }
        }

        private func request() throws -> ClientRegistrar.Request {
            let isName = id.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
            guard isName, (1...60).contains(id.utf8.count) else {
                throw ValidationError("The id is 1…60 small letters, digits and hyphens.")
            }
            switch (agency, connector, province, admin || audit) {
            case (let agency?, nil, nil, false): return .agency(agency, id: id)
            case (nil, let connector?, let province?, false): return .adapter(of: connector, province: province, id: id)
            case (nil, nil, let province?, true): return overseer(of: province)
            default:
                throw ValidationError(
                    "Give --agency alone, or --connector and --province, or --admin or --audit and --province.")
            }
        }

        /// An administrator may do what an auditor may.
        private func overseer(of province: String) -> ClientRegistrar.Request {
            admin ? .administrator(province: province, id: id) : .auditor(province: province, id: id)
        }
    }
}

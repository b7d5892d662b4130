// swift-tools-version: 6.2
import PackageDescription

// Each outside package carries weight that is not ours to carry:
//   hummingbird          the HTTP server under Edge; traits off, so that swift-configuration stays out
//   jwt-kit              signs and checks the access tokens of agencies
//   swift-crypto         AES-GCM and HMAC of the Vault, SHA-256 of hash chains, Ed25519 of the log, webhook signatures
//   Yams                 parses procedure files, with line and column of every node
//   swift-argument-parser  the command line and its help
//   swift-subprocess     starts the embedded PostgreSQL
//   swift-service-lifecycle, swift-log, swift-metrics   start and stop order, logs, metrics
//   swift-nio            the HTTP client of the command line (hummingbird brings it along anyway)
let package = Package(
    name: "MotCua",
    platforms: [.macOS(.v26)],
    products: [.executable(name: "motcua", targets: ["motcua"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        // QR codes of the citizens' pages (LGPL 2.1, linked as a shared library).
        .systemLibrary(name: "CLibqrencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        // Webhooks and the portal's messages go out by it.
        .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CSchema", exclude: [], cSettings: []),

        .target(name: "JSONText"),
        .target(name: "WorkingTime"),
        .target(name: "Notices", dependencies: ["WorkingTime", "JSONText"]),
        .target(name: "Procedures", dependencies: ["WorkingTime", "Notices", "JSONText"]),
        .target(
            name: "ProcedureFiles",
            dependencies: ["Procedures", "WorkingTime", "Notices", .product(name: "Yams", package: "Yams")]),
        .target(name: "Dossiers", dependencies: ["Procedures", "WorkingTime", "Notices", "JSONText"]),
        .target(
            name: "Postgres",
            dependencies: [
                "CLibpq", .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        .target(
            name: "PostgresServer",
            dependencies: [
                "CLibpq", .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(name: "OwnerFiles"),
        .target(name: "Vault", dependencies: ["OwnerFiles", .product(name: "Crypto", package: "swift-crypto")]),
        .target(
            name: "Store",
            dependencies: [
                "Dossiers", "Procedures", "Notices", "WorkingTime", "Postgres", "CSchema",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "Engine",
            dependencies: [
                "Dossiers", "Procedures", "ProcedureFiles", "WorkingTime", "Notices", "Store", "Vault", "JSONText",
                "Postgres",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        .target(
            name: "PublicFeed",
            dependencies: [
                "Notices", "WorkingTime", "Postgres", "CSchema", "CLibcurl", "JSONText", "OwnerFiles",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        .target(
            name: "Edge",
            dependencies: [
                "JSONText",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        .target(
            name: "PublicWeb",
            dependencies: [
                "PublicFeed", "Notices", "WorkingTime", "Edge", "JSONText", "CLibqrencode",
                .product(name: "Hummingbird", package: "hummingbird"),
            ]),
        .target(
            name: "Web",
            dependencies: [
                "Engine", "Store", "Dossiers", "Procedures", "ProcedureFiles", "Notices", "WorkingTime", "Edge",
                "JSONText",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ]),
        .executableTarget(
            name: "motcua",
            dependencies: [
                "Web", "PublicWeb", "Engine", "PublicFeed", "Edge", "PostgresServer", "Postgres", "Store", "Vault",
                "OwnerFiles",
                "ProcedureFiles", "Procedures", "Dossiers", "WorkingTime", "Notices", "JSONText", "CSchema",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]),

        .target(
            name: "TestSupport",
            dependencies: ["Postgres", "CSchema", .product(name: "Logging", package: "swift-log")],
            path: "Tests/TestSupport"),
        .target(
            name: "PublicSamples",
            dependencies: ["PublicFeed", "Notices", "WorkingTime", "Postgres", "TestSupport"],
            path: "Tests/PublicSamples"),
        .testTarget(name: "JSONTextTests", dependencies: ["JSONText"]),
        .testTarget(name: "WorkingTimeTests", dependencies: ["WorkingTime"]),
        .testTarget(name: "NoticesTests", dependencies: ["Notices", "WorkingTime", "JSONText"]),
        .testTarget(name: "ProceduresTests", dependencies: ["Procedures", "Notices", "WorkingTime", "JSONText"]),
        .testTarget(
            name: "ProcedureFilesTests",
            dependencies: ["ProcedureFiles", "Procedures", "Dossiers", "Notices", "WorkingTime", "JSONText"]),
        .testTarget(
            name: "DossiersTests",
            dependencies: ["Dossiers", "ProcedureFiles", "Procedures", "Notices", "WorkingTime", "JSONText"]),
        .testTarget(name: "OwnerFilesTests", dependencies: ["OwnerFiles"]),
        .testTarget(name: "VaultTests", dependencies: ["Vault"]),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "CLibpq", "CSchema", "TestSupport"]),
        .testTarget(name: "PostgresServerTests", dependencies: ["PostgresServer", "Postgres", "TestSupport"]),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "Store", "Dossiers", "Procedures", "Notices", "WorkingTime", "Postgres", "CSchema", "TestSupport",
            ]),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "Engine", "Store", "Vault", "Dossiers", "ProcedureFiles", "Procedures", "Notices", "WorkingTime",
                "JSONText", "Postgres", "TestSupport",
            ]),
        .testTarget(name: "EdgeTests", dependencies: ["Edge", "JSONText"]),
        .testTarget(
            name: "PublicFeedTests",
            dependencies: [
                "PublicFeed", "PublicSamples", "Notices", "WorkingTime", "Postgres", "CSchema", "JSONText",
                "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .testTarget(
            name: "PublicWebTests",
            dependencies: [
                "PublicWeb", "PublicFeed", "PublicSamples", "Notices", "WorkingTime", "Postgres", "Edge", "JSONText",
                "TestSupport", .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "BrowserTests",
            dependencies: [
                "PublicWeb", "PublicFeed", "PublicSamples", "Notices", "WorkingTime", "Postgres", "Edge", "JSONText",
                "TestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Web", "Engine", "Store", "Vault", "Dossiers", "ProcedureFiles", "Procedures", "Notices",
                "WorkingTime", "Edge", "JSONText", "Postgres", "TestSupport",
            ]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "motcua", "Web", "PublicWeb", "PublicFeed", "Engine", "Store", "Vault", "Edge", "Dossiers",
                "Procedures", "ProcedureFiles", "Notices", "WorkingTime", "JSONText", "Postgres", "PostgresServer",
                "TestSupport", "PublicSamples",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "motcuaTests",
            dependencies: [
                "motcua", "PublicFeed", "Postgres", "ProcedureFiles", "Procedures", "Notices", "WorkingTime",
                "JSONText", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
    ],
    cLanguageStandard: .c2x
)

for target in package.targets where !["CLibpq", "CLibcurl", "CLibqrencode", "CSchema"].contains(target.name) {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .enableUpcomingFeature("InferIsolatedConformances"), .enableUpcomingFeature("ImmutableWeakCaptures"),
            .treatAllWarnings(as: .error),
        ]
}

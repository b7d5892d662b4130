import Foundation
import Testing

/// The rooms as Package.swift has them: who may import whom.
struct RoomTests {
    @Test func `nothing below PublicWeb reaches private data`() throws {
        let imports = try Self.imports()
        var reached: Set<String> = []
        var todo = ["PublicWeb"]
        while let room = todo.popLast() {
            guard reached.insert(room).inserted else { continue }
            todo += try #require(imports[room], "Package.swift does not have \(room)")
        }
        #expect(reached.isSuperset(of: ["PublicFeed", "Notices", "Edge"]))
        #expect(reached.isDisjoint(with: ["Store", "Engine", "Dossiers", "Vault", "Web", "Procedures"]))
    }

    @Test(arguments: ["WorkingTime", "Notices", "JSONText", "Procedures", "Dossiers"])
    func `a pure room imports only pure rooms`(room: String) throws {
        let pure: Set = ["WorkingTime", "Notices", "JSONText", "Procedures", "Dossiers"]
        let imports = try #require(try Self.imports()[room])
        #expect(pure.isSuperset(of: imports))
    }

    @Test func `secrets of both sides lie in files of one room, which knows neither side`() throws {
        let imports = try Self.imports()
        #expect(imports["OwnerFiles"] == [])
        for room in ["Vault", "PublicFeed"] { #expect(try #require(imports[room]).contains("OwnerFiles"), "\(room)") }
    }

    /// The targets of Package.swift with the targets and products that each depends on.
    private static func imports() throws -> [String: [String]] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Package.swift")
        let text = try String(contentsOf: file, encoding: .utf8)
        var imports: [String: [String]] = [:]
        let declaration = #/\.(?:target|executableTarget|systemLibrary)\(\s*name: "(\w+)"/#
        let matches = text.matches(of: declaration)
        for (index, match) in matches.enumerated() {
            let end = index + 1 < matches.count ? matches[index + 1].range.lowerBound : text.endIndex
            let rest = text[match.range.upperBound..<end]
            // The targets of tests follow the last room.
            let body = rest.prefix { _ in true }.split(separator: ".testTarget(", maxSplits: 1).first ?? rest
            guard let list = body.firstMatch(of: #/dependencies: \[((?:[^\[\]])*)\]/#) else {
                imports[String(match.1)] = []
                continue
            }
            imports[String(match.1)] = list.1.matches(of: #/"([\w-]+)"/#).map { String($0.1) }
        }
        // Products of packages and their packages' names are no rooms: they lead nowhere.
        for name in imports.values.flatMap({ $0 }) where imports[name] == nil { imports[name] = [] }
        return imports
    }
}

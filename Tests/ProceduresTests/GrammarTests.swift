import Foundation
import JSONText
import Testing

@testable import Procedures

struct `The grammar` {
    static let docs = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs")

    /// Set to write the generated pages instead of comparing them.
    static let writes = ProcessInfo.processInfo.environment["MOTCUA_WRITE_DOCS"] == "1"

    @Test func `names every shape that it refers to, each key once`() {
        #expect(Set(Grammar.shapes.map(\.name)).count == Grammar.shapes.count)
        for shape in Grammar.shapes {
            #expect(Set(shape.keys.map(\.name)).count == shape.keys.count, "\(shape.name)")
            #expect(!shape.about.isEmpty)
            for key in shape.keys {
                #expect(!key.about.isEmpty, "\(shape.name).\(key.name)")
                for name in Self.references(key.kind) { #expect(!Grammar.shape(name).keys.isEmpty, "\(name)") }
            }
        }
    }

    static func references(_ kind: ValueKind) -> [String] {
        switch kind {
        case .shape(let name): [name]
        case .list(let inner, _), .map(_, let inner, _), .oneOrList(let inner): references(inner)
        default: []
        }
    }

    @Test func `agrees with the schema for editors`() throws {
        let url = Self.docs.appending(path: "procedure.schema.json")
        let schema = Grammar.jsonSchema()
        if Self.writes { try Data(schema.prettyBytes).write(to: url) }
        let written = try JSONValue.parse(Array(try Data(contentsOf: url)))
        #expect(written == schema, "run the tests with MOTCUA_WRITE_DOCS=1")
        for shape in Grammar.shapes {
            guard let definition = written["$defs"]?[shape.name] else { continue }
            #expect(definition["properties"]?.objectValue?.keys == shape.keys.map(\.name))
        }
    }

    @Test func `agrees with the reference page`() throws {
        let url = Self.docs.appending(path: "language.md")
        let page = try String(contentsOf: url, encoding: .utf8)
        let start = "<!-- keys: made by the tests from the grammar -->\n\n"
        let parts = page.components(separatedBy: start)
        let head = try #require(parts.first)
        let wanted = head + start + Grammar.reference().trimmingCharacters(in: .newlines) + "\n"
        if Self.writes { try Data(wanted.utf8).write(to: url) }
        #expect(try String(contentsOf: url, encoding: .utf8) == wanted, "run the tests with MOTCUA_WRITE_DOCS=1")
    }

    @Test func `explains every rule on the reference page`() throws {
        let page = try String(contentsOf: Self.docs.appending(path: "language.md"), encoding: .utf8)
        for rule in Rule.allCases { #expect(page.contains("| \(rule.rawValue) |"), "\(rule.rawValue)") }
        for placeholder in Compiler.placeholders { #expect(page.contains("`{\(placeholder)}`"), "\(placeholder)") }
    }

    @Test(arguments: [
        ("a", true), ("a-b1", true), ("birth-proof", true), ("", false), ("A", false), ("a--b", false), ("-a", false),
        ("a-", false), ("1a", false), ("a b", false), ("đ", false),
    ])
    func `spells names in kebab-case`(_ name: String, _ fits: Bool) {
        #expect(Spelling.isKebab(name) == fits)
    }
}

struct `The sentences about differences` {
    @Test func `have a name for every key of the grammar`() {
        let keys = Set(Grammar.shapes.flatMap { $0.keys.map(\.name) })
        #expect(keys.filter { DifferenceWords.labels[$0] == nil }.sorted() == [])
        for (key, label) in DifferenceWords.labels { #expect(!label.0.isEmpty && !label.1.isEmpty, "\(key)") }
        let known = keys.union(Grammar.shapes.flatMap { shape in shape.keys.map { "\(shape.name).\($0.name)" } })
        #expect(DifferenceWords.labels.keys.filter { !known.contains($0) }.sorted() == [])
    }

    @Test func `know rows of lists by keys that they have`() {
        for (shape, keys) in DifferenceWords.identities {
            let known = Grammar.shape(shape).keys.map(\.name)
            #expect(keys.allSatisfy(known.contains), "\(shape)")
        }
    }
}

import Foundation
import Notices
import Procedures
import Testing

@testable import ProcedureFiles

/// The one form of files (`motcua fmt`).
struct `A formatted file` {
    static func formatted(_ text: String) throws -> String {
        guard case .formatted(let bytes) = FileFormatter.format(Array(text.utf8)) else {
            throw NotFormatted(text: text, outcome: FileFormatter.format(Array(text.utf8)))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    struct NotFormatted: Error {
        let text: String
        let outcome: FileFormatter.Outcome
    }

    static let cases: [(String, String, String)] = [
        (
            "two spaces a level, lists deeper than their key", "a:\n    b: 1\nc:\n- x\n-  y\n",
            "a:\n  b: 1\nc:\n  - x\n  - y\n"
        ),
        ("brackets without padding", "a: { b:   1,c: [ x , y ] }\n", "a: {b: 1, c: [x, y]}\n"),
        ("brackets over several lines in one", "a: {b: 1,\n    c: 2}\n", "a: {b: 1, c: 2}\n"),
        ("nothing behind a line, one line break at the end", "a: 1   \n\n\n", "a: 1\n"),
        ("one empty line, and none behind a key", "a:\n\n  b: 1\n\n\n  c: 2\nd: 3", "a:\n  b: 1\n\n  c: 2\nd: 3\n"),
        (
            "double quotes, single ones around double ones", "a: 'x: y'\nb: \"say \\\"x\\\"\"\n",
            "a: \"x: y\"\nb: 'say \"x\"'\n"
        ),
        (
            "quotes that make a number a text", "code: \"2.002621\"\n\"48001\": {vi: A}\n",
            "code: \"2.002621\"\n\"48001\": {vi: A}\n"
        ),
        (
            "a text over several lines in one", "a: one\n  two\nb: \"three\n  four\"\n",
            "a: one two\nb: \"three four\"\n"
        ),
        (
            "a folded text as it is", "a:\n    vi: >-\n         one\n         two\n    en: x\n",
            "a:\n  vi: >-\n    one\n    two\n  en: x\n"
        ),
        ("line breaks of other systems", "a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"),
        ("a key without a value", "a:\nb: {c: , d: 1}\n", "a:\nb: {c: , d: 1}\n"),
        (
            "lists of maps and of lists", "a:\n -   b: 1\n     c: 2\n - - x\n   - y\n",
            "a:\n  - b: 1\n    c: 2\n  - - x\n    - y\n"
        ),
        (
            "apostrophes in plain text", "a: {vi: Nguoi # no\n, en: People's court}\n",
            "a:\n  vi: Nguoi   # no\n  en: People's court\n"
        ),
    ]

    @Test(arguments: cases)
    func `is written alike everywhere`(_ what: String, _ text: String, _ wanted: String) throws {
        #expect(try Self.formatted(text) == wanted, "\(what)")
    }

    static let comments: [(String, String, String)] = [
        (
            "in its line, in its column", "a: 1        # one\nbbbb:   2  # two\n",
            "a: 1        # one\nbbbb: 2    # two\n"
        ),
        ("in its line, two away at least", "a:        1 # one\n", "a: 1        # one\n"),
        (
            "above its key, however deep", "# head\n\n    # one\na:\n       # two\n   b: 1\n",
            "# head\n\n# one\na:\n  # two\n  b: 1\n"
        ),
        (
            "behind a block", "a:\n    b: 1\n    # last of a\n# of c\nc: 2\n# end\n",
            "a:\n  b: 1\n  # last of a\n# of c\nc: 2\n# end\n"
        ),
        ("on the line of a key with a block", "a:   # one\n    b: 1   # two\n", "a:   # one\n  b: 1     # two\n"),
        (
            "of items", "a:\n# one\n- x # x\n# two\n- b: 1 # b\n  # three\n  c: 2\n",
            "a:\n  # one\n  - x  # x\n  # two\n  - b: 1  # b\n    # three\n    c: 2\n"
        ),
        (
            "in brackets, which open for it", "a: {b: 1, # one\n  # two\n  c: [x, y]}\n",
            "a:\n  b: 1    # one\n  # two\n  c: [x, y]\n"
        ),
        (
            "a sign in a text is none", "a: \"x # y\"\nb: 'x # y'\nc: x#y\nd: >-\n  # z\n",
            "a: \"x # y\"\nb: \"x # y\"\nc: x#y\nd: >-\n  # z\n"
        ),
        (
            "commented-out lines", "steps:\n  a: {x: 1}\n#  b: {x: 1}\n  c: {x: 1}\n",
            "steps:\n  a: {x: 1}\n  #  b: {x: 1}\n  c: {x: 1}\n"
        ),
        ("two behind one line", "a: [x, # one\n  y] # two\n", "a:\n  - x  # one\n  - y  # two\n"),
        ("alone", "a: 1\n\n\n# end\n\n", "a: 1\n\n# end\n"),
    ]

    @Test(arguments: comments)
    func `keeps every comment at what it speaks of`(_ what: String, _ text: String, _ wanted: String) throws {
        let result = try Self.formatted(text)
        #expect(result == wanted, "\(what)")
        #expect(try Self.formatted(result) == result, "\(what)")
    }

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: { " \n{}[],-".contains($0) }).map(String.init).sorted()
    }

    @Test func `has its keys in the grammar's order, with their comments, and the file's own names as they were`()
        throws
    {
        let text = """
            # A file.
            version: 1
            procedure: sample       # its name
            form:
              z: {title: {en: Z, vi: Z}, type: text}
              # The first.
              a: {required: true, type: text, title: {vi: A, en: A}}
            # In force.
            effective: {until: 2027-01-01, from: 2026-01-01}
            """
        #expect(
            try Self.formatted(text) == """
                # A file.
                procedure: sample       # its name
                version: 1
                # In force.
                effective: {from: 2026-01-01, until: 2027-01-01}
                form:
                  z: {type: text, title: {vi: Z, en: Z}}
                  # The first.
                  a: {type: text, required: true, title: {vi: A, en: A}}

                """)
        // A key that the grammar does not know leaves its map alone.
        let misspelt = "procedure: sample\nfild: x\nversion: 1\n"
        #expect(try Self.formatted(misspelt) == misspelt)
    }

    @Test func `of every shipped file says the same and compiles to the same`() throws {
        let texts = try Shipped.texts()
        var formatted: [String: [UInt8]] = [:]
        for (name, bytes) in texts {
            guard case .formatted(let result) = FileFormatter.format(bytes) else {
                Issue.record("\(name) is not formatted")
                continue
            }
            formatted[name] = result
            #expect(FileFormatter.format(result) == .formatted(result), "\(name)")
            #expect(
                Self.words(String(decoding: bytes, as: UTF8.self))
                    == Self.words(String(decoding: result, as: UTF8.self)))
        }
        let loaded = WorkflowFolder.read(texts: formatted)
        #expect(loaded.report.text(in: .en) == "")
        func unnamed(_ catalogue: Catalogue) -> [Procedure] {
            catalogue.procedures.map { procedure in
                var procedure = procedure
                procedure.contentHash = ""
                // What must be so is a set, kept in the order in which it is written.
                for place in procedure.examples.indices {
                    procedure.examples[place].expectations.sort { "\($0)" < "\($1)" }
                }
                return procedure
            }
        }
        let old = try Shipped.loaded.get().catalogue
        #expect(unnamed(loaded.catalogue) == unnamed(old))
        #expect(loaded.catalogue.directory == old.directory)
        #expect(Set(loaded.catalogue.calendars.keys) == Set(old.calendars.keys))
    }

    @Test func `is the form of the shipped files`() throws {
        for (name, bytes) in try Shipped.texts() {
            #expect(FileFormatter.format(bytes) == .formatted(bytes), "\(name): run motcua fmt Workflows")
        }
    }

    @Test(arguments: ["", "a: &x 1\nb: *x\n", "a: [1", "a: 1\na: 2\n", "- !t 1\n", "a: \u{0}"])
    func `is none where the file does not read`(_ text: String) {
        guard case .unreadable(let findings) = FileFormatter.format(Array(text.utf8)) else {
            Issue.record("\(FileFormatter.format(Array(text.utf8)))")
            return
        }
        #expect(!findings.isEmpty)
    }

    @Test(arguments: ["a: 1\u{2028}b: 2 # c\n", "a: one\n\n  two\n"])
    func `is none where it cannot be proved`(_ text: String) {
        #expect(FileFormatter.format(Array(text.utf8)) == .unproved)
    }

    /// Random files: random values in a random layout, with comments everywhere.
    @Test(arguments: (0..<8).map { UInt64($0) * 7_919 })
    func `says what the file said, keeps its comments, and stays as it is`(_ seed: UInt64) throws {
        var count = 0
        for number in 0..<60 {
            var writer = RandomFile(seed: seed &+ UInt64(number))
            let text = writer.text()
            let read = TextFile.draft(Array(text.utf8))
            // A random layout may not be YAML; the writer is made so that nearly all are.
            guard let draft = read.draft, read.findings.isEmpty else { continue }
            count += 1
            guard case .formatted(let bytes) = FileFormatter.format(Array(text.utf8)) else {
                Issue.record("seed \(seed &+ UInt64(number)) is not formatted:\n\(text)")
                continue
            }
            let result = String(decoding: bytes, as: UTF8.self)
            let again = try #require(TextFile.draft(bytes).draft, "\(result)")
            #expect(Self.plain(again) == Self.plain(draft), "seed \(seed &+ UInt64(number)):\n\(text)\n\(result)")
            #expect(
                FileFormatter.format(bytes) == .formatted(bytes), "seed \(seed &+ UInt64(number)):\n\(text)\n\(result)")
            for comment in writer.comments {
                #expect(
                    result.split(separator: "\n").count { $0.hasSuffix(comment) } == 1,
                    "seed \(seed &+ UInt64(number)), \(comment):\n\(text)\n\(result)")
            }
            #expect(!result.contains(" \n") && !result.contains("\n\n\n") && result.hasSuffix("\n"))
        }
        #expect(count > 25)
    }

    /// What a draft says, without places.
    private static func plain(_ draft: Draft) -> String {
        switch draft.content {
        case .scalar(let text, let isQuoted): isQuoted ? "“\(text)”" : text
        case .list(let items): "[" + items.map(plain).joined(separator: "|") + "]"
        case .map(let entries): "{" + entries.map { "\($0.key):\(plain($0.value))" }.joined(separator: "|") + "}"
        }
    }
}

import Foundation
import Glibc
import JSONText
import TestSupport

/// axe-core, the accessibility checker of Deque: its own file (MPL 2.0), fetched by scripts/install-browser.sh and not
/// part of this repository.
enum Axe {
    private static let script = Result { () throws -> String in
        let path = file
        guard let data = FileManager.default.contents(atPath: path), data.count > 100_000 else {
            throw Failure("axe-core is not at \(path): run scripts/install-browser.sh")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Where the script puts it; MOTCUA_AXE names another place.
    private static var file: String {
        if let file = getenv("MOTCUA_AXE") { return String(cString: file) }
        let home = getenv("HOME").map { String(cString: $0) } ?? "/root"
        let cache = getenv("XDG_CACHE_HOME").map { String(cString: $0) } ?? "\(home)/.cache"
        return "\(cache)/motcua/axe.min.js"
    }

    /// What axe finds.
    struct Report {
        /// A line an element that breaks a rule of WCAG 2.2 A or AA.
        var violations: [String]
        /// A line an element that axe could not decide on.
        var undecided: [String]
        /// The rules that were tried on something and held.
        var passed: Set<String>
    }

    /// Checks the page by every rule of WCAG 2.0, 2.1 and 2.2, A and AA.
    static func check(_ tab: BrowserTab) async throws -> Report {
        _ = try await tab.evaluate(try script.get() + ";0")
        let result = try await tab.evaluate(
            """
            axe.run(document, {
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'],
                rules: {'target-size': {enabled: true}}, resultTypes: ['violations', 'incomplete', 'passes']
            }).then(r => {
                const lines = list => list.flatMap(rule => rule.nodes.map(node =>
                    rule.id + ': ' + node.target.join(' ') + ': ' + (node.failureSummary || rule.help)));
                return {violations: lines(r.violations), undecided: lines(r.incomplete), passed: r.passes.map(p => p.id)};
            })
            """)
        func lines(_ key: String) -> [String] { result[key]?.arrayValue?.compactMap(\.stringValue) ?? ["no answer"] }
        return Report(
            violations: lines("violations"), undecided: lines("undecided"), passed: Set(lines("passed")))
    }
}

import HTTPTypes
import Hummingbird

/// Which methods a path has, for 405: the router itself only knows "found" and "not found".
struct RouteMethods: Sendable {
    private let routes: [(path: RouterPath, methods: [String])]

    init(_ routes: [(RouterPath, HTTPRequest.Method)]) {
        var methods: [String: (path: RouterPath, methods: Set<String>)] = [:]
        for (path, method) in routes {
            methods[path.description, default: (path, [])].methods.insert(method.rawValue)
        }
        self.routes = methods.values.map { (path: $0.path, methods: $0.methods.sorted()) }
    }

    /// The methods of all routes that match the path, sorted; empty if none does.
    func allowed(at path: String) -> [String] {
        let parts = path.split(separator: "/")
        var found: Set<String> = []
        for route in routes where Self.matches(route.path.components, parts) { found.formUnion(route.methods) }
        return found.sorted()
    }

    private static func matches(_ pattern: [RouterPath.Element], _ parts: [Substring]) -> Bool {
        if pattern.last == .recursiveWildcard {
            return parts.count >= pattern.count - 1 && zip(pattern, parts).allSatisfy { $0 ~= $1 }
        }
        return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0 ~= $1 }
    }
}

/// Which addresses of the public site are read by programs: whatever is wrong there is said as a problem document
/// (RFC 9457), whatever the caller would accept; a page would be taken for an empty feed or a broken table.
enum ProgramAddress {
    /// Whether programs read what stands at a path; without a query.
    static func covers(_ path: String) -> Bool {
        path == "/events" || folders.contains(where: path.hasPrefix) || endings.contains(where: path.hasSuffix)
    }

    private static let folders = ["/v1/", "/log/"]
    private static let endings = [".csv", ".ico", ".json", ".jsonld", ".ttl", ".txt", ".xlsx", ".xml"]
}

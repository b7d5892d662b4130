/// The kinds of documents that are taken, known by their first bytes whatever the sender calls them.
enum MediaKind: String, CaseIterable, Sendable {
    case pdf = "application/pdf"
    case jpeg = "image/jpeg"
    case png = "image/png"

    /// The kind of a content; nil if it is none of these.
    init?(content: [UInt8]) {
        let kind = Self.allCases.first { content.starts(with: $0.magic) }
        guard let kind else { return nil }
        self = kind
    }

    private var magic: [UInt8] {
        switch self {
        case .pdf: Array("%PDF-".utf8)
        case .jpeg: [0xFF, 0xD8, 0xFF]
        case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        }
    }
}

import NIOCore
import Synchronization

/// A dossier that waits at its first task.
struct StockedDossier: Hashable, Sendable {
    /// The dossier as paths name it.
    var id: String
    var activation: Int
    /// The task's tag, without quotes.
    var tag: String
    /// Index of the commune in ``Desks/communes``.
    var commune: Int
    /// The citizen's code.
    var lookUpCode: String
}

/// Submitted dossiers, shared by the connections; kept in a file between runs.
final class Stock: Sendable {
    private let dossiers: Mutex<[StockedDossier]>

    init(_ dossiers: [StockedDossier] = []) { self.dossiers = Mutex(dossiers) }

    /// Reads a file that ``write(to:)`` wrote.
    convenience init(file: String) throws {
        self.init(
            try TextFile.read(file).split(separator: "\n").compactMap { line in
                let parts = line.split(separator: "\t")
                guard parts.count == 5, let activation = Int(parts[1]), let commune = Int(parts[3]) else { return nil }
                return StockedDossier(
                    id: String(parts[0]), activation: activation, tag: String(parts[2]), commune: commune,
                    lookUpCode: String(parts[4]))
            })
    }

    var all: [StockedDossier] { dossiers.withLock { $0 } }

    func take() -> StockedDossier? { dossiers.withLock { $0.popLast() } }

    func put(_ dossier: StockedDossier) { dossiers.withLock { $0.append(dossier) } }

    /// Writes one dossier a line.
    func write(to file: String) throws {
        let lines = all.map { "\($0.id)\t\($0.activation)\t\($0.tag)\t\($0.commune)\t\($0.lookUpCode)\n" }
        try TextFile.write(lines.joined(), to: file)
    }
}

/// The fields of a dossier's representation that the load generator needs, found without reading all of it.
struct DossierGlance {
    var id: String
    var lookUpCode: String?
    /// The first open task; nil when there is none.
    var task: (activation: Int, tag: String, step: String)?
    /// Whether the representation lists tasks at all.
    var listsTasks: Bool

    /// Looks at the answer's body; nil when it is no dossier.
    init?(_ answer: Answer) {
        let found = answer.body.withUnsafeReadableBytes { bytes -> DossierGlance? in
            guard let id = Self.text("\"id\":\"", in: bytes[...]) else { return nil }
            var glance = DossierGlance(id: id)
            glance.lookUpCode = Self.text("\"lookUpCode\":\"", in: bytes[...])
            guard let tasks = Bytes.position(of: "\"tasks\":[", in: bytes) else { return glance }
            glance.listsTasks = true
            let list = bytes[(tasks + 9)...]
            guard list.first == UInt8(ascii: "{"), let number = Bytes.position(of: "\"activation\":", in: list),
                let activation = Bytes.number(in: list[(number + 13)...].prefix { $0 >= 0x30 && $0 <= 0x39 }),
                let tag = Self.text("\"tag\":\"\\\"", in: list), let step = Self.text("\"step\":\"", in: list)
            else { return glance }
            glance.task = (activation, tag, step)
            return glance
        }
        guard let found else { return nil }
        self = found
    }

    private init(id: String) {
        self.id = id
        listsTasks = false
    }

    /// The text behind `key`, up to a quote or backslash.
    private static func text(_ key: StaticString, in bytes: Bytes.Part) -> String? {
        guard let start = Bytes.position(of: key, in: bytes) else { return nil }
        let rest = bytes[(start + key.utf8CodeUnitCount)...]
        let text = rest.prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        return String(decoding: text, as: UTF8.self)
    }
}

import Crypto
package import Dossiers
package import WorkingTime

/// An event as the log keeps it.
package struct EventRow: Hashable, Sendable {
    package var dossier: DossierID
    /// Counts from 1 without gaps.
    package var sequence: Int64
    package var recordedAt: Instant
    package var kind: String
    /// The exact bytes that are hashed (R19).
    package var body: [UInt8]
    /// SHA-256 of the previous event's hash and `body`: 32 bytes.
    package var hash: [UInt8]

    /// What stands in the place of the hash before a dossier's first event: 32 zeros.
    package static let firstHead = [UInt8](repeating: 0, count: 32)

    /// Joins the parts.
    package init(
        dossier: DossierID, sequence: Int64, recordedAt: Instant, kind: String, body: [UInt8], hash: [UInt8] = []
    ) {
        self.dossier = dossier
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.kind = kind
        self.body = body
        self.hash = hash
    }

    /// The hashes of `bodies` in order, each over the one before it; the last is the dossier's new head.
    package static func chain(from head: [UInt8], _ bodies: [[UInt8]]) -> [[UInt8]] {
        var head = head
        return bodies.map { body in
            var hash = SHA256()
            hash.update(data: head)
            hash.update(data: body)
            head = Array(hash.finalize())
            return head
        }
    }

    /// The events of one dossier with their hashes filled in.
    package static func chain(previousHead: [UInt8], events: [EventRow]) -> [EventRow] {
        zip(events, chain(from: previousHead, events.map(\.body))).map { event, hash in
            var event = event
            event.hash = hash
            return event
        }
    }
}

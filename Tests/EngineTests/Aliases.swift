import Dossiers
import WorkingTime

@testable import Engine

/// What a caller believes; under a name that Swift Testing does not use.
typealias CallerBelief = Expectation

extension Reader {
    /// Who reads in tests.
    static let test = Reader(client: "test", officer: "dn-mc1-tiepnhan-01", purpose: "form")
}

extension Pending {
    /// A command for whose answer nobody waits.
    static func command(_ dossier: DossierRef, _ command: Command, by: Actor, arrived: Instant) -> Pending {
        Pending(
            dossier: dossier, command: command, by: by, arrived: arrived, identity: nil, expectation: nil,
            consumes: nil, newcomer: nil, sealed: [], dataKey: nil, render: nil, answer: { _ in },
            deadline: .now + .seconds(60))
    }
}

@testable import Engine

/// What a caller believes; under a name that Swift Testing does not use.
typealias CallerBelief = Expectation

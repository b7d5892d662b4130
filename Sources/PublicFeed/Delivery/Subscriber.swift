package import Notices

/// Who is told of notices, as far as the courier must know.
struct Subscriber: Sendable {
    /// What is at the other end.
    enum Kind: String, Sendable {
        /// A receiver of signed events.
        case webhook
        /// The national portal.
        case portal
    }

    let id: String
    let kind: Kind
    let url: String
    let reach: Reach
    let filter: SubscriberFilter
    /// The portal's settings as JSON; nil for a webhook.
    let settings: [UInt8]?
    /// Rounds in a row in which it took nothing.
    let failures: Int
}

/// Which dossiers a receiver wants; an empty list means all.
package struct SubscriberFilter: Hashable, Sendable {
    /// The provinces, by number.
    package var provinces: [Int16]
    /// The agencies whose legal codes are meant, as the codes begin.
    package var agencies: [String]
    /// The procedures, by key.
    package var procedures: [String]

    /// Everything where nothing is said.
    package init(provinces: [Int16] = [], agencies: [String] = [], procedures: [String] = []) {
        self.provinces = provinces
        self.agencies = agencies
        self.procedures = procedures
    }

    /// Whether a notice of a dossier with this legal code is wanted.
    package func wants(_ notice: Notice, _ code: LegalCode) -> Bool {
        (provinces.isEmpty || provinces.contains(notice.province))
            && (agencies.isEmpty || agencies.contains(code.agency))
            && (procedures.isEmpty || procedures.contains(notice.procedure))
    }
}

/// One notice on its way to one receiver.
struct Letter: Sendable {
    let province: Int16
    let n: Int64
    let dossier: String
    let number: Int32
    /// Tries so far; 0 for one that comes by the cursor.
    let attempts: Int
    let notice: Notice

    /// What must stay in order.
    var chain: Chain { Chain(province: province, dossier: dossier) }

    /// A dossier, whose letters go one after the other.
    struct Chain: Hashable, Sendable {
        let province: Int16
        let dossier: String
    }
}

/// What became of one try.
enum Carried: Sendable, Hashable {
    case delivered
    case failed(CarryFailure)
}

/// Why a try failed.
struct CarryFailure: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// No answer came: it says nothing of the letter.
        case silent
        /// The receiver answered, and did not take it.
        case answered
        /// The receiver does not want to be called any more (410).
        case gone
        /// It cannot be sent at all as things are: no secret that opens, an address that may not be called.
        case unusable
    }

    let kind: Kind
    /// One line, in English, for the administrator.
    let reason: String
    /// How long the receiver asks to be left alone; nil when it does not.
    var pause: Duration?
}

/// How letters reach one receiver.
protocol Carrier: Sendable {
    /// Whether the receiver is told of a notice at all; `previous` is the dossier's notice before it, nil if unknown.
    func wants(_ notice: Notice, after previous: Notice?) -> Bool
    /// Makes one try; never throws, whatever happens is an answer.
    func carry(_ letter: Letter) async -> Carried
}

import Dossiers
import Engine

/// The client that sends a request: it acts for its agency and roles and for nothing else.
package struct Caller: Hashable, Sendable {
    /// The client's id.
    package var client: String
    /// The province whose dossiers it submits and leases calls of.
    package var province: Int16
    /// The agency's code; nil for connectors and administrators without one.
    package var agency: String?
    /// The roles that its officers may use through it.
    package var roles: [String]
    /// What it may do.
    package var scopes: Set<Scope>
    /// The connector whose calls it answers; nil for agencies.
    package var connector: String?

    /// Whether the dossier is any of its business: its agency received it, owns it, or has a step running in it; of a
    /// connector, whether one of its calls is open. Everybody else is told that there is no such dossier.
    func maySee(_ view: DossierView) -> Bool {
        if let agency, view.state.concerns(agency) { return true }
        guard let connector else { return false }
        return view.work.tasks.contains { $0.kind == .call && $0.role == connector }
    }
}

extension State {
    /// Whether an agency received the dossier, owns it, or has a step running in it.
    fileprivate func concerns(_ agency: String) -> Bool {
        centre == agency || self.agency == agency || running.contains { $0.agency == agency }
    }
}

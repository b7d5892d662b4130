import Procedures
import WorkingTime

/// What must be said with an outcome, and only that.
extension Deciding {
    /// - Parameter isAnswer: an answer may bring papers and sealed notes that no need names.
    /// - Parameter isReroute: the competent agency must be said.
    /// - Throws: `.badData` with the name of the first need that is missing, unknown or of another kind.
    func check(
        _ said: [String: Said], needs: [Need], isAnswer: Bool = false, isReroute: Bool = false
    ) throws(Refusal) {
        for need in needs where need.required && said[need.name] == nil { throw .mustBeSaid(need) }
        if isReroute, said["agency"] == nil { throw .badData("agency") }
        for (name, value) in said.sorted(by: { $0.key < $1.key }) {
            if let need = needs.first(where: { $0.name == name }) {
                guard fits(value, need.kind) else { throw .unfit(need) }
            } else if case .agency = value, isReroute, name == "agency" {
                continue
            } else {
                guard isAnswer, fits(value, .documents) || fits(value, .sealed) else { throw .badData(name) }
            }
        }
    }

    private func fits(_ value: Said, _ kind: Need.Kind) -> Bool {
        switch (kind, value) {
        case (.reason, .reason(let code, _)): procedure.reasons.contains { $0.code == code }
        case (.documents, .documents(let names)):
            !names.isEmpty && names.allSatisfy { name in procedure.documents.contains { $0.name == name } }
        case (.date, .date), (.instant, .instant), (.yesNo, .yesNo), (.sealed, .sealed): true
        default: false
        }
    }
}

import Notices
import Procedures
import WorkingTime

// Readings of values that the grammar has checked; what it has refused reads as nil.
extension Draft {
    var scalarText: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    var elements: [Draft] {
        if case .list(let items) = content { items } else { [] }
    }

    var members: [Entry] {
        if case .map(let entries) = content { entries } else { [] }
    }

    func member(_ key: String) -> Draft? { members.first { $0.key == key }?.value }

    func string(_ key: String) -> String? { member(key)?.scalarText }

    func date(_ key: String) -> CivilDate? { string(key).flatMap { CivilDate($0) } }

    func number(_ key: String) -> Int? { string(key).flatMap { Int($0) } }

    func flag(_ key: String) -> Bool? { string(key).map { $0 == "true" } }

    func bilingual(_ key: String) -> BilingualText {
        let text = member(key)
        let vi = text?.string("vi") ?? ""
        return BilingualText(vi: vi, en: text?.string("en") ?? vi)
    }

    var localText: LocalText { LocalText(vi: string("vi") ?? "", en: string("en")) }

    func finding(_ rule: Rule, _ vi: String, _ en: String) -> Finding {
        Finding(rule, path: path, spot: spot, message: BilingualText(vi: vi, en: en))
    }
}

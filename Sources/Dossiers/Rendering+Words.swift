import Notices
import Procedures
import WorkingTime

/// The words of public sentences: placeholders are filled with dates in words, agencies, papers and reasons.
extension Rendering {
    func fill(_ text: LocalText, step: State.Running?) -> LocalText {
        LocalText(vi: fill(text.vi, .vi, step: step), en: text.en.map { fill($0, .en, step: step) })
    }

    private func fill(_ text: String, _ language: Language, step: State.Running?) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            guard let close = rest[open...].firstIndex(of: "}") else {
                rest = rest[open...]
                break
            }
            let name = rest[rest.index(after: open)..<close]
            result += value(of: name, language, step: step) ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// What stands for a placeholder; nil for a name that is none.
    private func value(of name: Substring, _ language: Language, step: State.Running?) -> String? {
        switch name {
        case "promised": date(state.clock.open.isEmpty ? state.clock.promised : nil, language)
        case "first-promised": date(state.clock.firstPromised, language)
        case "due": date(step?.answerBy ?? step?.due, language)
        case "day": language == .en ? at.date.english : at.date.vietnamese
        case "agency": agencyName(step, language)
        case "missing": missing(language)
        case "reason": reason(state.reason, language) ?? unknown(language)
        case "parts": parts(language)
        default: nil
        }
    }

    /// A date in words; midnight is 24 o'clock of the day that ends.
    private func date(_ instant: Instant?, _ language: Language) -> String {
        guard let instant else {
            return language == .en
                ? "a date that is computed when the dossier is complete" : "ngày sẽ được tính lại khi hồ sơ đủ"
        }
        if instant.timeOfDay == .midnight {
            let day = instant.date.adding(days: -1)
            return language == .en
                ? "24:00 on \(day.weekday.english), \(day.english)"
                : "24 giờ \(day.weekday.vietnamese), \(day.vietnamese)"
        }
        return language == .en ? instant.english : instant.vietnamese
    }

    private func agencyName(_ step: State.Running?, _ language: Language) -> String {
        let code: String
        switch publication.words {
        case .outcome, .end: code = lastAgency ?? state.centre
        default: code = step?.agency ?? state.centre
        }
        return world.directory.agencies[code]?.name.text(in: language) ?? code
    }

    private func missing(_ language: Language) -> String {
        let titles = state.missing.map { name in
            (procedure.documents.first { $0.name == name }?.title.text(in: language)).map(Rendering.withinSentence)
                ?? name
        }
        return titles.isEmpty ? unknown(language) : titles.joined(separator: ", ")
    }

    /// A title as it is written within a sentence: only abbreviations keep their capitals.
    private static func withinSentence(_ title: String) -> String {
        let rest = title.dropFirst()
        guard let first = title.first, rest.first?.isLowercase == true else { return title }
        return first.lowercased() + rest
    }

    private func unknown(_ language: Language) -> String {
        language == .en ? "as the office has told you" : "theo hướng dẫn của cơ quan"
    }

    /// A reason's public words: of this procedure's catalogue, or of a linked one's whose part was refused.
    private func reason(_ code: String?, _ language: Language) -> String? {
        guard let code else { return nil }
        if let own = procedure.reasons.first(where: { $0.code == code }) { return own.title.text(in: language) }
        for node in procedure.nodes {
            guard case .link(let link) = node.kind,
                let linked = world.versions.find(name: link.procedure, on: state.clock.submitted.date),
                let found = linked.reasons.first(where: { $0.code == code })
            else { continue }
            return found.title.text(in: language)
        }
        return nil
    }

    /// The parts one by one: with a result or without, and why.
    private func parts(_ language: Language) -> String {
        var last: [String: State.Part] = [:]
        var names: [String] = []
        for part in state.parts {
            if last.updateValue(part, forKey: part.name) == nil { names.append(part.name) }
        }
        let lines = names.compactMap { name -> String? in
            guard let part = last[name] else { return nil }
            let title = title(ofPart: name).text(in: language)
            if part.outcome == "issued" { return title + (language == .en ? ": issued" : ": có kết quả") }
            let why = reason(part.reason, language).map { " (\($0))" } ?? ""
            return title + (language == .en ? ": not issued" : ": không") + why
        }
        return lines.isEmpty ? unknown(language) : lines.joined(separator: "; ")
    }

    private func title(ofPart name: String) -> LocalText {
        for node in procedure.nodes {
            if case .fork(let fork) = node.kind, let branch = fork.branches.first(where: { $0.name == name }) {
                return branch.title
            }
        }
        return procedure.nodes.first { $0.name == name }?.title ?? LocalText(vi: name)
    }
}

import JSONText
package import WorkingTime

/// The verifier's rules, by the numbers under which reports name them (`docs/language.md` says what each asks).
package enum Rule: String, Hashable, Sendable, CaseIterable {
    /// A key that the language does not know, or a value of the wrong kind.
    case v01 = "V01"
    /// Not exactly one start.
    case v02 = "V02"
    /// A name that leads nowhere: a step, an end, an outcome, a linked procedure.
    case v03 = "V03"
    /// A step that nothing leads to.
    case v04 = "V04"
    /// A step from which no end can be reached.
    case v05 = "V05"
    /// An end that goes on.
    case v06 = "V06"
    /// An outcome that leaves its block, or a fork that its branches do not fit.
    case v07 = "V07"
    /// A wait that nothing ends.
    case v08 = "V08"
    /// A clock that is not declared, or steps that take longer than the law gives.
    case v09 = "V09"
    /// A duration without its unit.
    case v10 = "V10"
    /// An agency, role, calendar, connector or document that does not exist.
    case v11 = "V11"
    /// A step that nobody can do in some place.
    case v12 = "V12"
    /// Public words that are missing, too many, or hold unknown placeholders.
    case v13 = "V13"
    /// National statuses that are missing or come in an unlawful order.
    case v14 = "V14"
    /// A request to the applicant without limit, number, silence or clock.
    case v15 = "V15"
    /// Rows that are not tried to an end: the last has a condition, or an earlier one has none.
    case v16 = "V16"
    /// A condition that does not read, compares unlike types, or names an unknown fact.
    case v17 = "V17"
    /// The same name, code or version twice.
    case v18 = "V18"
    /// A version or linked procedure that breaks the contract of those that use it.
    case v19 = "V19"
    /// A fee without collector or way back.
    case v20 = "V20"
    /// A sentence that asks for what is not known when it is told; two notices for one event.
    case v21 = "V21"
    /// Something personal where only public facts may stand (R2, R3).
    case v22 = "V22"
    /// An example that names what does not exist, or fails when it is run.
    case v23 = "V23"
}

/// One thing that is wrong in a file, at one place.
package struct Finding: Hashable, Sendable {
    /// How bad it is.
    package enum Severity: String, Hashable, Sendable, CaseIterable {
        /// The file is refused.
        case error
        /// The file is taken; somebody should look.
        case warning
    }

    /// The rule that it breaks.
    package var rule: Rule
    /// How bad it is.
    package var severity: Severity
    /// Keys and positions from the root, joined by `/`.
    package var path: String
    /// Where it stands.
    package var spot: Spot
    /// What is wrong, one sentence.
    package var message: BilingualText
    /// What to do about it, or nil where there is nothing better to say than the message.
    package var fix: BilingualText?

    /// Joins the parts.
    package init(
        _ rule: Rule, _ severity: Severity = .error, path: String, spot: Spot, message: BilingualText,
        fix: BilingualText? = nil
    ) {
        self.rule = rule
        self.severity = severity
        self.path = path
        self.spot = spot
        self.message = message
        self.fix = fix
    }
}

/// Findings as they are made; at most ``countMax``, so that a report cannot grow with an attack.
struct FindingLog {
    static let countMax = 500
    private(set) var findings: [Finding] = []

    var hasErrors: Bool { findings.contains { $0.severity == .error } }

    mutating func add(_ finding: Finding) {
        if findings.count < Self.countMax { findings.append(finding) }
    }

    /// Notes an error at a value.
    mutating func error(
        _ rule: Rule, at draft: Draft?, _ vi: String, _ en: String, fix: BilingualText? = nil
    ) {
        add(
            Finding(
                rule, path: draft?.path ?? "", spot: draft?.spot ?? Spot(), message: BilingualText(vi: vi, en: en),
                fix: fix))
    }

    /// Notes an error at a key.
    mutating func error(
        _ rule: Rule, at entry: Draft.Entry, _ vi: String, _ en: String, fix: BilingualText? = nil
    ) {
        add(
            Finding(
                rule, path: entry.value.path, spot: entry.spot, message: BilingualText(vi: vi, en: en), fix: fix))
    }

    /// Notes a warning at a key.
    mutating func warn(_ rule: Rule, at entry: Draft.Entry, _ vi: String, _ en: String, fix: BilingualText? = nil) {
        add(
            Finding(
                rule, .warning, path: entry.value.path, spot: entry.spot, message: BilingualText(vi: vi, en: en),
                fix: fix))
    }

    /// Notes a warning at a value.
    mutating func warn(_ rule: Rule, at draft: Draft?, _ vi: String, _ en: String, fix: BilingualText? = nil) {
        add(
            Finding(
                rule, .warning, path: draft?.path ?? "", spot: draft?.spot ?? Spot(),
                message: BilingualText(vi: vi, en: en), fix: fix))
    }
}

/// "Do you mean …?", or nil where nothing is near.
func meant(_ word: String, among candidates: some Sequence<String>) -> BilingualText? {
    guard let near = NearestKey.of(word, among: Array(candidates)) else { return nil }
    return BilingualText(vi: "Có phải là “\(near)”?", en: "Do you mean “\(near)”?")
}

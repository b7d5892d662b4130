import Notices
import WorkingTime

extension Procedure {
    /// Compiles what a file says and proves it sound: every finding of the verifier's rules in one pass.
    ///
    /// Linked procedures are looked up in `catalogue`, so that they must be compiled before those that link them.
    /// - Parameter contentHash: SHA-256 of the file's bytes, in lower-case hexadecimal.
    /// - Returns: the procedure, or nil where a finding is an error; findings in the order of the text.
    package static func compile(
        _ draft: Draft, contentHash: String, in catalogue: Catalogue
    ) -> (procedure: Procedure?, findings: [Finding]) {
        var compiler = Compiler(draft: draft, catalogue: catalogue)
        for finding in Grammar.check(draft, as: "procedure") { compiler.log.add(finding) }
        let procedure = compiler.compile(contentHash: contentHash)
        var seen: Set<Finding> = []
        let findings = compiler.log.findings.filter { seen.insert($0).inserted }.sorted { $0.spot < $1.spot }
        return (compiler.log.hasErrors ? nil : procedure, findings)
    }
}

/// The work of one compilation. What the grammar has refused reads as absent here and is not reported twice.
struct Compiler {
    let draft: Draft
    let catalogue: Catalogue
    var log = FindingLog()

    /// The channels of the national list, as files name them.
    static let channels = ["desk", "online", "post"]

    /// What conditions may read; filled before the first is compiled.
    var scope = ConditionScope(facts: [:])
    /// Form fields that something reads, as `form.<name>`, in order: each becomes a fact.
    var readFields: [String] = []
    var effective = Effective(from: .earliest)
    var fields: [Field] = []
    var facts: [Fact] = []
    var documents: [DocumentRule] = []
    var reasons: [Reason] = []
    var milestones: [Milestone] = []
    var deadline: Deadline?
    var ends: [End] = []
    var plans: [StepPlan] = []
    /// Positions of steps by their full name.
    var index: [String: Int] = [:]
    var nodes: [Node] = []
    /// The ask that each silence step belongs to.
    var silences: [Int: Int] = [:]
    /// What interrupts the whole.
    var interruptions: [Interruption] = []
    /// Where the files speak of steps that no key of `steps:` stands for.
    var besides: [Int: Draft] = [:]
    /// Whether something was refused that would make the proofs of the graph speak of what is not there.
    var isBroken = false

    init(draft: Draft, catalogue: Catalogue) {
        self.draft = draft
        self.catalogue = catalogue
    }

    mutating func compile(contentHash: String) -> Procedure? {
        compileHead()
        compileFields()
        compileFacts()
        compileFieldConditions()
        let rules = compileFormRules()
        let fees = compileFees()
        compileDocuments()
        // How a dossier came is known once it is there: the form is checked before.
        scope.facts[Condition.channelFact] = .choice(Self.channels)
        deadline = draft["deadline"].flatMap { compileDeadline($0) }
        compileEnds()
        planSteps()
        compileNodes()
        let withdrawal = compileWithdrawal()
        compileInterruptions()
        let late = compileLate()
        compileTells()
        checkFactSources()
        let groups = compileGroups()
        let start = compileStart()
        let linkedStart = draft["linked"]?["start"].flatMap { stepIndex($0, prefix: "") }
        var procedure = Procedure(
            name: draft.text("procedure") ?? "", version: Int(clamping: draft["version"]?.whole ?? 0),
            contentHash: contentHash, code: draft.text("code"), title: localText(draft["title"]),
            field: draft.text("field") ?? "", legalBasis: draft.text("legal-basis") ?? "", effective: effective,
            calendar: draft.text("calendar") ?? "", facts: facts, reasons: reasons, form: fields, formRules: rules,
            documents: documents, fees: fees, reception: limit(draft["reception"]?["within"]),
            deadline: deadline, late: late, groups: groups, milestones: milestones, ends: ends, nodes: nodes,
            start: NodeIndex(start ?? 0), linkedStart: linkedStart.map(NodeIndex.init), withdrawal: withdrawal,
            examples: [])
        procedure.interruptions = interruptions
        guard !isBroken, start != nil else { return nil }
        verify(procedure)
        procedure.facts =
            facts
            + readFields.compactMap { name in
                scope.facts[name].map { Fact(name: name, type: $0, source: .form(String(name.dropFirst(5)))) }
            }
        procedure.examples = compileExamples(procedure)
        return procedure
    }

    private mutating func compileHead() {
        if let from = draft["effective"]?.text("from").flatMap({ CivilDate($0) }) {
            let until = draft["effective"]?.text("until").flatMap { CivilDate($0) }
            effective = Effective(from: from, until: until, replacedBy: draft["effective"]?.text("replaced-by"))
            if let until, until < from {
                log.error(
                    .v18, at: draft["effective"]?["until"], "Ngày hết hiệu lực trước ngày có hiệu lực.",
                    "The version ends before it begins.")
            }
        }
        if let calendar = draft["calendar"], let name = calendar.text, !catalogue.calendars.isEmpty,
            catalogue.calendars[name] == nil
        {
            log.error(
                .v11, at: calendar, "Không có lịch “\(name)”.", "There is no calendar “\(name)”.",
                fix: meant(name, among: catalogue.calendars.keys.sorted()))
        }
        checkVersion()
        for entry in draft["milestones"]?.entries ?? [] {
            milestones.append(Milestone(key: entry.key, title: localText(entry.value)))
        }
        if milestones.count > 6 {
            log.error(
                .v13, at: draft["milestones"], "Có \(milestones.count) mốc công khai; tối đa 6.",
                "There are \(milestones.count) milestones; at most 6 are allowed.")
        }
        for entry in draft["reasons"]?.entries ?? [] {
            reasons.append(Reason(code: entry.key, title: localText(entry.value)))
        }
    }

    /// V18: a name, version or code must mean one thing only.
    private mutating func checkVersion() {
        guard let name = draft.text("procedure"), let version = draft["version"]?.whole else { return }
        if catalogue.procedures.contains(where: { $0.name == name && $0.version == version }) {
            log.error(
                .v18, at: draft["version"], "Đã có phiên bản \(version) của “\(name)”.",
                "There already is a version \(version) of “\(name)”.",
                fix: BilingualText(vi: "Tăng số phiên bản.", en: "Raise the version number."))
        }
        for other in catalogue.procedures where overlaps(other) {
            if other.name == name, other.version != version, other.effective.from == effective.from {
                log.error(
                    .v18, at: draft["effective"]?["from"], "Phiên bản \(other.version) cũng có hiệu lực từ ngày này.",
                    "Version \(other.version) is in force from the same day.")
            }
            guard other.name != name, let code = draft.text("code"), other.code == code else { continue }
            log.error(
                .v18, at: draft["code"], "Mã \(code) đã thuộc về “\(other.name)”.",
                "The code \(code) already belongs to “\(other.name)” at the same time.")
        }
    }

    /// Whether another version is in force on some day on which this one is.
    func overlaps(_ other: Procedure) -> Bool {
        if let until = effective.until, other.effective.from > until { return false }
        if let until = other.effective.until, effective.from > until { return false }
        return true
    }

    // Readings of values that the grammar has checked.

    func localText(_ draft: Draft?) -> LocalText { LocalText(vi: draft?.text("vi") ?? "", en: draft?.text("en")) }

    func limit(_ draft: Draft?) -> TimeLimit? { draft?.text.flatMap { TimeLimit($0) } }
}

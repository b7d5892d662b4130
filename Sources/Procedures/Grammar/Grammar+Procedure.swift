import Notices
import WorkingTime

extension Grammar {
    static let procedureShapes: [Shape] = [
        Shape(
            name: "procedure", about: "A procedure file: one version of one procedure of the law.",
            keys: [
                .required("procedure", .name, "The procedure's name, the same in every version."),
                .required("version", .whole(1, 9999), "The version's number; a published version never changes."),
                .optional("code", .text(max: 40), "The national code. Without one the procedure can only be linked."),
                .required("field", .name, "The field (lĩnh vực), for statistics."),
                .required("title", localText, "What citizens read as the procedure's name."),
                .required("legal-basis", .text(max: 300), "The decree or law on which it rests."),
                .required("effective", .shape("effective"), "When this version is in force."),
                .required("calendar", .name, "The office calendar by which days are counted."),
                .optional(
                    "unverified", .list(.text(max: 300), atLeast: 1), "What nobody has compared with the law yet."),
                .optional(
                    "facts", .map(.kebab, .shape("fact"), atLeast: 1),
                    "Facts found at work; conditions read them as `facts.NAME`."),
                .optional("reception", .shape("reception"), "The clock of the reception, from submission."),
                .optional("deadline", .shape("deadline"), "The legal clock of the whole."),
                .optional("late", .shape("late"), "What happens before the promised date and after it."),
                .optional(
                    "milestones", .map(.kebab, localText, atLeast: 1),
                    "The public steps of the citizen's page, in order; at most 6."),
                .optional(
                    "reasons", .map(.kebab, localText, atLeast: 1),
                    "The catalogue of public reasons; only codes go into events and notices."),
                .optional("form", .map(.dotted, .shape("field"), atLeast: 1), "The form, in order."),
                .optional("form-rules", .list(.shape("form-rule"), atLeast: 1), "Conditions over the whole form."),
                .optional("documents", .map(.kebab, .shape("document"), atLeast: 1), "The papers of the dossier."),
                .optional("fees", .map(.kebab, .shape("fee"), atLeast: 1), "What is paid, and when."),
                .optional("linked", .shape("linked"), "How the procedure runs as a part of another."),
                .optional("groups", .list(.shape("group"), atLeast: 1), "Limits on several steps together."),
                .optional("start", .name, "The step at which a submitted dossier starts. Default: the first."),
                .required("steps", .map(.kebab, .shape("step"), atLeast: 1), "The steps, in order.", rule: .v02),
                .optional("on", .shape("on"), "What can interrupt the work."),
                .required("ends", .map(.kebab, .shape("end"), atLeast: 1), "How a dossier can end.", rule: .v05),
                .optional(
                    "accept-conflict", .list(.shape("conflict"), atLeast: 1),
                    "Where the law itself breaks V08 or V09, said with its basis."),
                .optional(
                    "examples", .list(.shape("example"), atLeast: 1),
                    "Examples that run on the real core; a file whose examples fail is refused."),
            ]),
        Shape(
            name: "effective", about: "When a version is in force.",
            keys: [
                .required("from", .date, "The first day."),
                .optional("until", .date, "The last day. Default: open."),
                .optional("replaced-by", .text(max: 40), "The national code of the procedure that follows."),
            ]),
        Shape(
            name: "fact", about: "A fact found at work.",
            keys: [
                .required("type", .code(["yes-no", "text", "number", "date", "choice", "area"]), "The type."),
                .optional("choices", .list(.name, atLeast: 1), "The codes of a choice."),
                .required("set-by", .stepName, "The step whose outcome sets it, or the link that copies it."),
            ]),
        Shape(
            name: "reception", about: "The clock of the reception.",
            keys: [.required("within", .limit, "In office hours, from submission.", rule: .v09)]),
        Shape(
            name: "deadline", about: "The legal clock of the whole.",
            keys: [
                .required(
                    "limits", .list(.shape("limit-row"), atLeast: 1),
                    "Tried in order; the last has no condition.", rule: .v09),
                .optional(
                    "counts-from", .code(Deadline.Start.allCases.map(\.rawValue)),
                    "From where it counts; `receipt-slip`: from the receipt of the complete papers. Default: `acceptance`."
                ),
                .optional(
                    "counting", .code(CountingMode.allCases.map(\.rawValue)),
                    "How days are counted. Default: `next-day` (Civil Code, art. 147)."),
                .optional("cut-off", .shape("cut-off"), "Later counts as the next working day. Default: no cut-off."),
                .optional("legal-basis", .text(max: 300), "The article of law."),
            ]),
        Shape(
            name: "limit-row", about: "A limit, and the case in which it holds.",
            keys: [
                .required("within", .limit, "The limit.", rule: .v09),
                .optional("when", .condition, "The case. Default: always."),
            ]),
        Shape(
            name: "cut-off", about: "The hour after which a receipt counts as the next working day's.",
            keys: [
                .required("at", .time, "The hour, in quotes: `\"15:00\"`; the hour itself is in time."),
                .optional(
                    "of", .code(Deadline.CutOffInstant.allCases.map(\.rawValue)),
                    "Which instant it reads. Default: `acceptance`."),
                .optional(
                    "channels", .list(.code(Compiler.channels), atLeast: 1),
                    "Which channels it holds for. Default: all."
                ),
            ]),
        Shape(
            name: "late", about: "What happens before the promised date and after it.",
            keys: [
                .optional("warn", .shape("warn"), "Warns the head before the promised date."),
                .optional("re-appoint", .shape("re-appoint"), "A new date with an apology (NĐ 61/2018, art. 19.9)."),
                .optional("breach", .shape("breach"), "What happens when the promised date has passed."),
            ]),
        Shape(
            name: "warn", about: "A warning before the promised date.",
            keys: [
                .required("ahead", .limit, "How long before."),
                .optional("who", .performer, "Who gets the task `late.warn` beside the rest. Default: nobody."),
            ]),
        Shape(
            name: "breach", about: "The promised date has passed.",
            keys: [.required("tell", .performer, "Who gets the task `late.breach` beside the rest.")]),
        Shape(
            name: "re-appoint", about: "A new promised date with an apology.",
            keys: [.required("at-most", .whole(0, 5), "How often; 1 by law.")]),
        Shape(
            name: "linked", about: "How the procedure runs as a part of another.",
            keys: [.required("start", .name, "The step at which a linked dossier starts.")]),
        Shape(
            name: "group", about: "A limit on several steps together.",
            keys: [
                .required("steps", .list(.stepName, atLeast: 1), "The steps."),
                .required("within", .limit, "The limit, from the legal clock's origin.", rule: .v09),
            ]),
        Shape(
            name: "on", about: "What can interrupt the work.",
            keys: [
                .optional("withdrawal", .shape("withdrawal"), "The applicant withdraws."),
                .optional("deadline", .shape("on-promised"), "The promised date has passed."),
                .optional(
                    "messages", .map(.kebab, .shape("on-message"), atLeast: 1), "Messages of outside systems."),
            ]),
        Shape(
            name: "step-on", about: "What leaves a step, whatever runs inside.",
            keys: [
                .optional("deadline", .shape("on-deadline"), "A time from its opening has passed."),
                .optional(
                    "messages", .map(.kebab, .shape("on-message"), atLeast: 1), "Messages of outside systems."),
            ]),
        Shape(
            name: "on-promised", about: "The promised date has passed: everything is stopped, and a person decides.",
            keys: [
                .required("then", .stepName, "The officer's step of the main sequence.", rule: .v08),
                .optional("at-most", .whole(1, 100), "How often in one dossier. Default: any number."),
                .optional("legal-basis", .text(max: 300), "The article of law."),
            ]),
        Shape(
            name: "on-deadline", about: "The step has taken too long: it is left, and a person decides.",
            keys: [
                .required("within", .limit, "From its opening, without the clock's pauses.", rule: .v08),
                .required("then", .stepName, "The officer's step, in the same block.", rule: .v08),
                .optional("at-most", .whole(1, 100), "How often in one dossier. Default: any number."),
                .optional("legal-basis", .text(max: 300), "The article of law."),
            ]),
        Shape(
            name: "on-message", about: "A message of an outside system: what runs is left, and a person goes on.",
            keys: [
                .required("title", localText, "What officers read."),
                .required("from", .name, "The connector that tells it."),
                .required("then", .stepName, "The officer's step, in the same block.", rule: .v08),
                .optional("needs", .map(.kebab, .shape("need"), atLeast: 1), "What must be said with it."),
                .optional(
                    "sets", .map(.kebab, .value, atLeast: 1),
                    "Facts that it sets; of the whole they say `set-by: on.MESSAGE`."),
                .optional("at-most", .whole(1, 100), "How often in one dossier. Default: any number."),
                .optional("legal-basis", .text(max: 300), "The article of law."),
            ]),
        Shape(
            name: "withdrawal", about: "The applicant's withdrawal.",
            keys: [
                .required("words", words, "What the citizen reads until it is confirmed.", rule: .v13),
                .required("confirm", .shape("confirm"), "The officer's step `withdrawal.confirm`."),
                .required("end", .name, "The end when nothing had been issued."),
                .required("partial-end", .name, "The end when something had been issued, which stands."),
            ]),
        Shape(
            name: "confirm", about: "The step at which an officer confirms the withdrawal.",
            keys: [
                .required("title", localText, "What officers read."),
                .required("by", .performer, "Who confirms."),
                .required("within", .limit, "How soon.", rule: .v08),
                .optional("legal-basis", .text(max: 300), "The article of law."),
            ]),
        Shape(
            name: "conflict", about: "A rule that the law itself breaks.",
            keys: [
                .required("rule", .code(["V08", "V09"]), "The rule."),
                .required("because", .text(max: 500), "Why the law has it so."),
                .required("basis", .text(max: 300), "The article of law."),
            ]),
    ]
}

extension Grammar {
    /// The names of the types of fields.
    static let fieldTypes = [
        "text", "number", "date", "yes-no", "choice", "national-id", "phone", "address", "area", "list", "group",
    ]

    static let formShapes: [Shape] = [
        Shape(
            name: "field", about: "A field of the form.",
            keys: [
                .required("type", .code(fieldTypes), "What it holds."),
                .optional("min", .whole(-1_000_000_000_000, 1_000_000_000_000), "Of a number or a list."),
                .optional(
                    "max", .whole(0, 1_000_000_000_000), "Of a text its length, of a number its value, of a list."),
                .optional("not-after", .code(["submission"]), "Of a date: the future is refused."),
                .optional("required", .yesNo, "Whether it must be there. Default: `false`."),
                .optional(
                    "personal", .yesNo,
                    "Whether it is personal: encrypted, and never in conditions, events or notices. Default: `false`."),
                .optional("when", .condition, "Asked for only when this holds. Default: always."),
                .required("title", localText, "What people read."),
                .optional("choices", .map(.kebab, localText, atLeast: 1), "The codes of a choice."),
                .optional("of", .shape("item"), "What a list holds."),
                .optional("fields", .map(.kebab, .shape("field"), atLeast: 1), "The fields of a group."),
            ]),
        Shape(
            name: "item", about: "What a list holds.",
            keys: [
                .required("type", .code(fieldTypes.filter { $0 != "list" }), "What each element is."),
                .optional("max", .whole(0, 1_000_000_000_000), "Of a text its length, of a number its value."),
                .optional("min", .whole(-1_000_000_000_000, 1_000_000_000_000), "Of a number."),
                .optional("not-after", .code(["submission"]), "Of a date: the future is refused."),
                .optional("choices", .map(.kebab, localText, atLeast: 1), "The codes of a choice."),
                .optional("fields", .map(.kebab, .shape("field"), atLeast: 1), "The fields of a group."),
            ]),
        Shape(
            name: "form-rule", about: "A condition over the whole form.",
            keys: [
                .required("check", .condition, "Must hold for the form to be taken."),
                .required("message", localText, "What the sender reads when it does not."),
            ]),
        Shape(
            name: "document", about: "A paper of the dossier.",
            keys: [
                .required("title", localText, "What people read."),
                .optional("one-of", .list(.name, atLeast: 1), "Kinds that satisfy it. Default: the paper itself."),
                .optional("required", .yesNo, "Default: `false`."),
                .optional("when", .condition, "Needed only when this holds. Default: always."),
            ]),
        Shape(
            name: "fee", about: "A fee.",
            keys: [
                .required("title", localText, "What people read."),
                .required("amount", .whole(0, 1_000_000_000_000), "In đồng; 0 is free."),
                .required("timing", .code(["before", "after", "none"]), "When it is due, seen from the work."),
                .optional("collector", .agencyRule, "Which agency collects it; must be said of an amount above 0."),
                .optional(
                    "refund", .shape("refund"),
                    "What happens to it after a refusal or withdrawal; must be said of what is paid before the work."),
                .optional("legal-basis", .text(max: 300), "The article of law."),
            ]),
        Shape(
            name: "refund", about: "What happens to a fee after a refusal or withdrawal: `by` and `within`, or `none`.",
            keys: [
                .optional("by", .performer, "Who pays it back."),
                .optional("within", .limit, "How soon."),
                .optional("none", .text(max: 300), "It is kept: the article that says so."),
            ]),
    ]

    private static let expectations: [Key] = [
        .optional("first-promised", .instant(orNone: true), "The date that was promised first."),
        .optional("promised", .instant(orNone: true), "The promised date."),
        .optional("due", .map(.step, .instant(orNone: false), atLeast: 1), "When open steps are due."),
        .optional("open", .list(.stepName, atLeast: 0), "The steps that are open, all of them."),
        .optional("ended", .name, "The end that was reached."),
        .optional("status", .whole(1, 10), "The national status."),
        .optional("late", .yesNo, "Whether it is late."),
    ]

    static let exampleShapes: [Shape] = [
        Shape(
            name: "example", about: "An example: given, when, then, with dates.",
            keys: [
                .required("name", .text(max: 200), "What it shows."),
                .required("given", .shape("given"), "What was submitted."),
                .optional("when", .list(.shape("action"), atLeast: 1), "What happens, in order of time."),
                .required("then", .shape("expectation"), "What must be so afterwards."),
            ]),
        Shape(
            name: "given", about: "What was submitted.",
            keys: [
                .required("submitted", .instant(orNone: false), "When."),
                .optional("channel", .code(Compiler.channels), "How it came. Default: `online`."),
                .optional(
                    "form", .map(.dotted, .value, atLeast: 1),
                    "Fields that matter and are not personal; the others are filled with samples."),
            ]),
        Shape(
            name: "action",
            about: "Something that is done; exactly one of `do`, `answer`, `tell`, `withdraw`, `reappoint`, `wait`.",
            keys: [
                .required("at", .instant(orNone: false), "When; time passes up to it first."),
                .optional("do", .stepName, "Completes the open step, with `outcome`."),
                .optional("outcome", .name, "How."),
                .optional("answer", .text(max: 200), "The applicant answers at this waiting step: `check.supplement`."),
                .optional(
                    "tell", .stepName, "An outside system tells this message; of a linked dossier `STEP/MESSAGE`."),
                .optional("withdraw", .yesNo, "The applicant withdraws."),
                .optional(
                    "reappoint", .text(max: 200),
                    "Sets a new date with an apology for the linked dossier at this step, or for the `whole`."),
                .optional("to", .instant(orNone: false), "The new date."),
                .optional("wait", .yesNo, "Only time passes."),
            ]),
        Shape(
            name: "expectation", about: "What must be so afterwards.",
            keys: expectations + [
                .optional("refused", .yesNo, "The last act must be refused."),
                .optional(
                    "linked", .map(.step, .shape("linked-expectation"), atLeast: 1),
                    "The same for linked dossiers, by the step that links them."),
            ]),
        Shape(
            name: "linked-expectation", about: "What must be so in a linked dossier.",
            keys: expectations),
    ]
}

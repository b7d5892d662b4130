import Notices

extension Grammar {
    /// Keys of a step that a branch has too.
    private static let performers: [Key] = [
        .optional("by", .performer, "An officer does it: `civil-status at civil-status of form.registration.commune`."),
        .optional(
            "not-by", .list(.stepName, atLeast: 1), "Steps whose officer may not do this one (four eyes)."),
        .optional("call", .operation, "An outside system does it: `civil-registry.register`."),
        .optional("down", .shape("down"), "When an officer takes over from the outside system."),
        .optional("after", .limit, "Time alone: the only outcome comes after this."),
        .optional("no-limit", .shape("no-limit"), "A wait that the law leaves open; a message ends it (V08)."),
        .optional("procedure", .name, "Another procedure does it, as a linked dossier of its own."),
        .optional("at", .agencyRule, "The agency of the linked dossier."),
        .optional(
            "limits", .list(.shape("limit-row"), atLeast: 1),
            "The linked dossier's limits in place of its own; conditions read the linked dossier's facts."),
        .optional(
            "counts-from", .code(Link.CountsFrom.allCases.map(\.rawValue)),
            "From where the linked dossier's limit counts. Default: `transfer`."),
        .optional(
            "waits", .code(Link.ParentEffect.allCases.map(\.rawValue)),
            "What a lawful wait of the linked dossier does to this one's clock; must be said where it can wait."),
        .optional("copies", .list(.name, atLeast: 1), "Facts of the linked dossier that are copied to facts here."),
        .optional("within", .limit, "The step's own limit, from its opening."),
        .optional(
            "remind", .limit, "After how long, again and again, the citizen is told once more: of a result to collect."),
        .optional(
            "tell", .performer,
            "Who is told at once that an officer's step is open, by the task `STEP.tell` beside the rest."),
        .optional(
            "clock", .code(ClockEffect.allCases.map(\.rawValue)),
            "What the legal clock does while it is open. Default: `runs`."),
        .optional("legal-basis", .text(max: 300), "The article of law."),
        .optional("public", words, "What the citizen reads while it is open."),
        .optional("parallel", .shape("parallel"), "Branches side by side."),
        .optional("outcomes", .map(.kebab, .shape("outcome"), atLeast: 1), "How it ends."),
        .optional("on", .shape("step-on"), "What leaves it, whatever runs inside."),
    ]

    static let stepShapes: [Shape] = [
        Shape(
            name: "step",
            about: "A step; exactly one of `by`, `call`, `after`, `no-limit`, `procedure`, `parallel` performs it.",
            keys: [.required("title", localText, "What officers read.")] + performers),
        Shape(
            name: "branch",
            about: "A branch: one step (as `procedure:`), or `steps:` of its own whose outcomes say `result:`.",
            keys: [
                .required("title", localText, "What the citizen reads as the part's name."),
                .optional("when", .condition, "Opened only when this holds. Default: always."),
                .optional("steps", .map(.kebab, .shape("step"), atLeast: 1), "A block of its own, in order."),
            ] + performers),
        Shape(
            name: "down", about: "When an officer takes over from an outside system.",
            keys: [
                .required("after", .limit, "After how much office time without an answer.", rule: .v08),
                .required("then", .stepName, "The officer's step, in the same block.", rule: .v08),
                .optional("attempts", .whole(1, 1000), "Tries before it. Default: 10."),
            ]),
        Shape(
            name: "no-limit", about: "A wait that the law leaves open, as for a tax to be paid.",
            keys: [
                .required("basis", .text(max: 300), "The article by which it has no limit.", rule: .v08),
                .required(
                    "remind", .limit, "After how long, again and again, the citizen is told once more.", rule: .v08),
                .required("review", .shape("review"), "When a person looks at it.", rule: .v08),
                .optional(
                    "holder", .code(OpenWait.Holder.allCases.map(\.rawValue)),
                    "Who is waited for. Default: `applicant`, whose page says what to do."),
            ]),
        Shape(
            name: "review", about: "A person reviews a wait without limit.",
            keys: [
                .required("after", .limit, "After how long.", rule: .v08),
                .required("then", .stepName, "The officer's step, in the same block; it may lead back.", rule: .v08),
            ]),
        Shape(
            name: "parallel", about: "Branches side by side, and how they join.",
            keys: [
                .required(
                    "join", .text(max: 20), "`all`, `any` (the first issued), or `2 of 3`; the rest is cancelled.",
                    rule: .v07),
                .required(
                    "results", .list(.map(.kebab, .text(max: 80), atLeast: 1), atLeast: 1),
                    "Rows `OUTCOME: all RESULT`, `any RESULT`, `none RESULT` or `otherwise`, tried in order.",
                    rule: .v07),
                .required("branches", .map(.kebab, .shape("branch"), atLeast: 1), "The branches.", rule: .v07),
            ]),
        Shape(
            name: "outcome", about: "How a step can end; exactly one of `then`, `end`, `result`, `re-route` leads on.",
            keys: [
                .required("title", localText, "What the officer's button says."),
                .optional("when", .condition, "Offered only when this holds. Default: always."),
                .optional("at-most", .whole(1, 100), "How often in one dossier. Default: any number."),
                .optional("accepts", .yesNo, "Accepts the dossier: it gets its code and the legal clock starts."),
                .optional("needs", .map(.kebab, .shape("need"), atLeast: 1), "What the performer must say."),
                .optional("sets", .map(.kebab, .value, atLeast: 1), "Facts that it sets."),
                .optional("gives", .map(.kebab, localText, atLeast: 1), "Results released at once, by component."),
                .optional("legal-basis", .text(max: 300), "The article of law."),
                .optional("public", words, "A line of the public history."),
                .optional("ask", .shape("ask"), "Asks the applicant first."),
                .optional("then", .stepName, "To a step of the same block. With `ask`: where the answer leads."),
                .optional("end", .name, "Ends the dossier."),
                .optional("result", .name, "Ends the branch with this result."),
                .optional("re-route", .yesNo, "The same step again, at another agency that the performer names."),
            ]),
        Shape(
            name: "ask", about: "A request to the applicant. It becomes a waiting step named `STEP.OUTCOME`.",
            keys: [
                .optional("who", .name, "Who answers, through the desk or the portal. Default: `applicant`."),
                .required("within", .limit, "Time to answer, until 24:00 of the last day.", rule: .v15),
                .required(
                    "clock", .code(ClockEffect.allCases.map(\.rawValue)),
                    "What the legal clock does meanwhile.", rule: .v15),
                .required("at-most", .whole(1, 10), "How often in one dossier.", rule: .v15),
                .required(
                    "silence", .stepName, "The step that opens when nobody answers; it ends nothing by itself.",
                    rule: .v15),
                .required("public", words, "What the citizen reads.", rule: .v13),
            ]),
        Shape(
            name: "need", about: "Something the performer must say.",
            keys: [
                .required(
                    "type", .code(["reason", "documents", "date", "instant", "yes-no", "sealed"]),
                    "`sealed` is typed text: it is encrypted and never in events."),
                .optional("optional", .yesNo, "Default: `false`."),
                .required("title", localText, "What the officer reads."),
            ]),
        Shape(
            name: "words", about: "What the citizen reads.",
            keys: [
                .required("status", .whole(1, 10), "The national status.", rule: .v14),
                .optional(
                    "stage", .code(PublicStage.allCases.map(\.rawValue)),
                    "The tag of the page. Default: the one of the status."),
                .optional("milestone", .name, "The milestone that is lit. Default: it stays as it was."),
                .required("vi", .text(max: 500), "The Vietnamese sentence.", rule: .v13),
                Key(name: "en", kind: .text(max: 500), presence: .advised(.v13), about: "The English sentence."),
            ]),
        Shape(
            name: "end", about: "An end of the dossier.",
            keys: [
                .required("result", .code(End.Result.allCases.map(\.rawValue)), "What it means."),
                .required("status", .oneOrList(.whole(1, 10)), "The national statuses, in order.", rule: .v14),
                .optional(
                    "stage", .code(PublicStage.allCases.map(\.rawValue)),
                    "The tag of the page. Default: the one of the last status."),
                .optional("milestone", .name, "The milestone that is lit. Default: it stays as it was."),
                .required("vi", .text(max: 500), "The Vietnamese sentence.", rule: .v13),
                Key(name: "en", kind: .text(max: 500), presence: .advised(.v13), about: "The English sentence."),
                .optional("legal-basis", .text(max: 300), "The article of law."),
            ]),
    ]
}

import JSONText
import Procedures

/// The schemas of the parts of a procedure.
enum SchemasOfProcedures {
    /// All of them.
    static var all: [(String, JSONValue)] { [step, interruption, fee, withdrawal] }

    private static var step: (String, JSONValue) {
        (
            "ProcedureStep",
            Schema.object(
                [
                    "name": Schema.text(), "title": Schema.ref("Text"),
                    "kind": Schema.choice(["person", "applicant", "call", "time", "parallel", "procedure"]),
                    "clock": Schema.choice(
                        ClockEffect.allCases.map(\.rawValue), "What the legal clock does meanwhile."),
                    "outcomes": Schema.list(Schema.ref("AnyObject")),
                    "interruptions": Schema.list(
                        Schema.ref("Interruption"), "What leaves the step, whatever runs inside."),
                ],
                optional: [
                    "role": Schema.text("Of a person."), "at": Schema.text("At which agency, as files say it."),
                    "within": Schema.ref("Text"), "legalBasis": Schema.text(), "text": Schema.ref("Text"),
                    "remind": Schema.ref("Text"),
                    "tells": Schema.text("The step beside the rest by which somebody is told that this one is open."),
                    "answerWithin": Schema.ref("Text"), "silence": Schema.text("The step that silence opens."),
                    "connector": Schema.text(), "operation": Schema.text(), "downAfter": Schema.ref("Text"),
                    "downTo": Schema.text("The officer's step when the outside system does not answer."),
                    "branches": Schema.list(Schema.ref("AnyObject")), "procedure": Schema.text("The linked one."),
                    "wait": Schema.object(
                        [
                            "basis": Schema.text("The article that sets no limit."),
                            "remind": Schema.ref("Text"),
                            "holder": Schema.choice(OpenWait.Holder.allCases.map(\.rawValue), "Who is waited for."),
                        ], "A wait that the law leaves open; `within` says when a person reviews it."),
                ])
        )
    }

    private static var interruption: (String, JSONValue) {
        (
            "Interruption",
            Schema.object(
                [
                    "name": Schema.text("`on.deadline`, or `on.` and the message's name."), "title": Schema.ref("Text"),
                    "kind": Schema.choice(["deadline", "message"]),
                    "sets": Schema.list(Schema.text(), "Facts that it sets."),
                    "needs": Schema.list(Schema.ref("AnyObject"), "What must be said with it."),
                ],
                optional: [
                    "within": Schema.ref("Text"), "from": Schema.text("The connector that may tell it."),
                    "then": Schema.text("The officer's step to which it leads."), "atMost": Schema.integer(min: 1),
                    "legalBasis": Schema.text(),
                ])
        )
    }

    private static var fee: (String, JSONValue) {
        (
            "Fee",
            Schema.object(
                [
                    "name": Schema.text(), "title": Schema.ref("Text"),
                    "amount": Schema.integer("In đồng; 0 is free.", min: 0),
                    "timing": Schema.choice(["before", "after", "none"], "When it is due, seen from the work."),
                ],
                optional: [
                    "collector": Schema.text("Which agency collects it, as files say it."),
                    "legalBasis": Schema.text(),
                    "refund": Schema.object(
                        ["kind": Schema.choice(["paid-back", "kept"])],
                        optional: [
                            "role": Schema.text("Who pays it back."), "at": Schema.text("Where."),
                            "within": Schema.ref("Text"), "basis": Schema.text("The article by which it is kept."),
                        ], "After a refusal or withdrawal; absent for what is paid after the work, or free."),
                ])
        )
    }

    private static var withdrawal: (String, JSONValue) {
        (
            "WithdrawalRule",
            Schema.object(
                [
                    "confirm": Schema.text("The step at which an officer confirms it."), "end": Schema.text(),
                    "partialEnd": Schema.text("The end where a result had been issued."), "text": Schema.ref("Text"),
                ])
        )
    }
}

import JSONText
import Notices
import Procedures

/// The schemas of what the API answers.
enum SchemasOfAnswers {
    static var all: [(String, JSONValue)] { shared + dossiers + tasks + files + directory }

    private static var shared: [(String, JSONValue)] {
        [
            (
                "Token",
                Schema.object([
                    "access_token": Schema.text(), "token_type": Schema.choice(["Bearer"]),
                    "expires_in": Schema.integer(),
                    "scope": Schema.text(),
                ])
            ),
            (
                "TokenError",
                Schema.object(
                    ["error": Schema.text()], optional: ["error_description": Schema.text()], "RFC 6749, 5.2.")
            ),
            (
                "Problem",
                Schema.object(
                    [
                        "type": Schema.text(format: "uri"), "title": Schema.text(),
                        "status": Schema.integer(min: 400, max: 599),
                        "code": Schema.choice(ProblemKind.allCases.map(\.rawValue)),
                    ],
                    optional: [
                        "detail": Schema.text(), "instance": Schema.text("The trace id; it is in our logs."),
                        "errors": Schema.list(Schema.ref("Fault")), "allowedActions": Schema.list(Schema.ref("Action")),
                        "etag": Schema.text("The dossier's tag now."), "tasks": Schema.list(Schema.ref("TagOfTask")),
                        "findings": Schema.list(Schema.ref("Finding")), "dossier": Schema.ref("DossierID"),
                        "contentHash": Schema.text(), "dossiers": Schema.list(Schema.ref("DossierID")),
                        "erasedAt": Schema.instant(), "reason": Schema.ref("ErasureReason"),
                    ], "RFC 9457, in the language of `Accept-Language`.")
            ),
            (
                "Fault",
                Schema.object(
                    [
                        "pointer": Schema.text("A JSON Pointer into the body, or `?name` for a query parameter."),
                        "code": Schema.text(), "detail": Schema.text(),
                    ])
            ),
            (
                "TagOfTask",
                Schema.object(["activation": Schema.ref("Activation"), "tag": Schema.ref("TaskTag")])
            ),
            (
                "Action",
                Schema.object(
                    ["action": Schema.text(), "label": Schema.ref("Text"), "needs": Schema.list(Schema.ref("Need"))],
                    optional: [
                        "activation": Schema.ref("Activation"), "step": Schema.text(), "outcome": Schema.text(),
                        "agency": Schema.text(), "role": Schema.text(),
                    ], "Something that can be done with a dossier now.")
            ),
            (
                "Need",
                Schema.object(
                    [
                        "name": Schema.text(), "title": Schema.ref("Text"),
                        "kind": Schema.choice(["reason", "documents", "date", "instant", "yes-no", "sealed"]),
                        "required": Schema.flag(),
                    ], optional: ["choices": Schema.list(Schema.ref("Choice"))])
            ),
            ("Choice", Schema.object(["code": Schema.text(), "title": Schema.ref("Text")])),
        ]
    }

    private static var dossiers: [(String, JSONValue)] {
        [
            (
                "ProcedureReference",
                Schema.object(
                    ["name": Schema.text(), "version": Schema.ref("Version"), "title": Schema.ref("Text")],
                    optional: ["code": Schema.text("The national code.")])
            ),
            ("DossierLine", Schema.object(line, optional: lineOptional)),
            ("Dossier", dossier),
            (
                "DossierPage",
                Schema.page(
                    "DossierLine",
                    optional: [
                        "updatedSince": Schema.ref("Sequence"), "hasMore": Schema.flag(),
                    ])
            ),
            (
                "Event",
                Schema.object([
                    "sequence": Schema.ref("Sequence"), "kind": Schema.text(), "arrived": Schema.instant(),
                    "recorded": Schema.instant(), "by": Schema.anyObject(), "details": Schema.anyObject(),
                ])
            ),
            ("EventPage", Schema.object(["items": Schema.list(Schema.ref("Event")), "hasMore": Schema.flag()])),
            ("Note", Schema.object(["text": Schema.text()])),
            (
                "Document",
                Schema.object(
                    [
                        "id": Schema.text(), "href": Schema.text(), "name": Schema.text(), "contentType": Schema.text(),
                        "byteCount": Schema.integer(min: 0), "received": Schema.instant(),
                    ], optional: ["kind": Schema.text()])
            ),
            ("DocumentPage", Schema.page("Document")),
        ]
    }

    private static var line: JSONObject {
        [
            "id": Schema.ref("DossierID"), "href": Schema.text(), "sequence": Schema.ref("Sequence"),
            "procedure": Schema.ref("ProcedureReference"),
            "channel": Schema.choice(ChannelName.allCases.map(\.rawValue)),
            "centre": Schema.text("The receiving centre."), "agency": Schema.text("The dossier's own agency."),
            "phase": Schema.ref("Phase"),
            "status": Schema.object(["code": Schema.ref("StatusCode"), "name": Schema.ref("Text")]),
            "stage": Schema.object([
                "name": Schema.choice(PublicStage.allCases.map(\.rawValue)), "tag": Schema.ref("Text"),
            ]),
            "submitted": Schema.instant(), "late": Schema.flag("Whether the promise has passed unkept."),
        ]
    }

    private static var lineOptional: JSONObject {
        [
            "code": Schema.text("The legal code, once accepted."),
            "end": Schema.object([
                "name": Schema.text(), "result": Schema.choice(End.Result.allCases.map(\.rawValue)),
                "at": Schema.instant(),
            ]),
            "milestone": Schema.text(), "accepted": Schema.instant(),
            "firstPromised": Schema.instant("What the applicant was told first; never changes."),
            "promised": Schema.instant("Absent while no date can be promised."),
            "due": Schema.instant("Until when the agency must act: the reception's due, then the promise."),
        ]
    }

    private static var dossier: JSONValue {
        var required = line
        required["clock"] = clock
        required["facts"] = Schema.anyObject("What conditions read; never personal.")
        required["links"] = Schema.list(
            Schema.object(
                [
                    "activation": Schema.ref("Activation"), "dossier": Schema.ref("DossierID"),
                    "procedure": Schema.text(),
                    "version": Schema.ref("Version"), "waits": Schema.flag(),
                ], optional: ["waitsUntil": Schema.instant(), "promised": Schema.instant()]),
            "Linked dossiers that run.")
        required["siblings"] = Schema.list(
            Schema.ref("DossierID"), "All dossiers of children of the same birth but this one.")
        required["parts"] = Schema.list(
            Schema.object(
                ["name": Schema.text(), "outcome": Schema.text(), "at": Schema.instant()],
                optional: ["reason": Schema.text()]), "Parts that have ended.")
        required["issued"] = Schema.list(Schema.text(), "Components handed over so far.")
        required["missing"] = Schema.list(Schema.text(), "Papers last asked for.")
        required["withdrawalAsked"] = Schema.flag()
        required["tasks"] = Schema.list(Schema.ref("TaskOfDossier"))
        required["allowedActions"] = Schema.list(Schema.ref("Action"))
        var optional = lineOptional
        optional["lookUpCode"] = Schema.ref("LookUpCode")
        optional["reason"] = Schema.text("The last public reason, by code.")
        optional["parent"] = Schema.object([
            "dossier": Schema.ref("DossierID"), "root": Schema.ref("DossierID"), "part": Schema.text(),
        ])
        return Schema.object(required, optional: optional, "How a dossier stands; nothing personal.")
    }

    private static var clock: JSONValue {
        Schema.object(
            [
                "state": Schema.choice(["reception", "reception-held", "running", "paused", "stopped"]),
                "epoch": Schema.integer("How often it was restarted.", min: 0),
                "pauses": Schema.list(
                    Schema.object(
                        ["from": Schema.instant()],
                        optional: [
                            "until": Schema.instant("Absent while it lasts."), "activation": Schema.ref("Activation"),
                        ])),
                "reappointments": Schema.integer(min: 0),
            ],
            optional: ["countsFrom": Schema.instant(), "receptionDue": Schema.instant(), "stopped": Schema.instant()])
    }

    private static var taskRequired: JSONObject {
        [
            "dossier": Schema.ref("DossierID"), "activation": Schema.ref("Activation"), "tag": Schema.ref("TaskTag"),
            "kind": Schema.choice(["person", "applicant", "call"]), "step": Schema.text(), "agency": Schema.text(),
            "opened": Schema.instant(),
        ]
    }

    private static var taskOptional: JSONObject {
        [
            "title": Schema.ref("Text"), "role": Schema.text(), "connector": Schema.text(), "operation": Schema.text(),
            "officer": Schema.text("Who holds it; absent while nobody does."), "due": Schema.instant(),
            "notBefore": Schema.instant(),
        ]
    }

    private static var tasks: [(String, JSONValue)] {
        var required = taskRequired
        required["procedure"] = Schema.ref("ProcedureReference")
        required["centre"] = Schema.text()
        var optional = taskOptional
        optional["code"] = Schema.text("The dossier's legal code, once accepted.")
        optional["allowedActions"] = Schema.list(Schema.ref("Action"))
        return [
            ("TaskOfDossier", Schema.object(taskRequired, optional: taskOptional)),
            ("Task", Schema.object(required, optional: optional)), ("TaskPage", Schema.page("Task")),
            (
                "CallAnswer",
                Schema.object(
                    ["dossier": Schema.ref("DossierID"), "recorded": Schema.instant()],
                    optional: ["activation": Schema.ref("Activation")])
            ),
        ]
    }

    private static var files: [(String, JSONValue)] {
        let head: JSONObject = [
            "name": Schema.text(), "version": Schema.ref("Version"), "title": Schema.ref("Text"),
            "contentHash": Schema.text("SHA-256 of the file."), "field": Schema.text(), "legalBasis": Schema.text(),
            "effectiveFrom": Schema.text(format: "date"), "calendar": Schema.text(),
        ]
        let headOptional: JSONObject = [
            "code": Schema.text(), "effectiveUntil": Schema.text(format: "date"), "replacedBy": Schema.text(),
        ]
        var whole = head
        for name in ["form", "formRules", "documents", "reasons", "milestones", "ends"] {
            whole[name] = Schema.list(Schema.ref("AnyObject"))
        }
        whole["steps"] = Schema.list(Schema.ref("ProcedureStep"))
        whole["interruptions"] = Schema.list(Schema.ref("Interruption"), "What leaves the whole.")
        whole["fees"] = Schema.list(Schema.ref("Fee"))
        var wholeOptional = headOptional
        wholeOptional["withdrawal"] = Schema.ref("WithdrawalRule")
        var line = head
        line["href"] = Schema.text()
        line["inForce"] = Schema.flag("Whether it takes dossiers today.")
        line["submittable"] = Schema.flag("Whether it can be submitted alone.")
        return [
            ("ProcedureLine", Schema.object(line, optional: headOptional)),
            ("ProcedurePage", Schema.page("ProcedureLine")),
            ("Procedure", Schema.object(whole, optional: wholeOptional)),
            (
                "Finding",
                Schema.object(
                    [
                        "rule": Schema.text("V01…V23, as the guide to the language says."),
                        "severity": Schema.choice(Finding.Severity.allCases.map(\.rawValue)), "file": Schema.text(),
                        "line": Schema.integer(min: 0), "column": Schema.integer(min: 0), "path": Schema.text(),
                        "message": Schema.ref("Text"),
                    ], optional: ["fix": Schema.ref("Text")])
            ),
            (
                "FileReport",
                Schema.object(
                    ["ok": Schema.flag(), "findings": Schema.list(Schema.ref("Finding"))],
                    optional: [
                        "procedure": Schema.object(
                            [
                                "name": Schema.text(), "version": Schema.ref("Version"), "title": Schema.ref("Text"),
                                "contentHash": Schema.text(),
                            ], optional: ["code": Schema.text()])
                    ])
            ),
        ]
    }

    private static var directory: [(String, JSONValue)] {
        [
            (
                "Agency",
                Schema.object(
                    [
                        "code": Schema.text(), "kind": Schema.text(), "province": Schema.text(),
                        "name": Schema.ref("Text"),
                        "serves": Schema.list(Schema.text()), "calendar": Schema.text(),
                    ],
                    optional: [
                        "phone": Schema.text(), "validFrom": Schema.text(format: "date"),
                        "validUntil": Schema.text(format: "date"),
                    ])
            ),
            ("AgencyPage", Schema.page("Agency")),
            (
                "Area",
                Schema.object(["code": Schema.text(), "province": Schema.text(), "name": Schema.ref("Text")])
            ),
            ("AreaPage", Schema.page("Area")),
        ]
    }
}

import JSONText
import Notices
import Procedures

/// The schemas of the contract, by name.
enum Schemas {
    /// All of them, in the order in which the contract shows them.
    static var all: [(String, JSONValue)] {
        words + requests + SchemasOfAnswers.all + SchemasOfProcedures.all + SchemasOfAdministration.all
    }

    private static var words: [(String, JSONValue)] {
        [
            ("Name", Schema.text("ASCII letters, digits and `.-_:/`.", pattern: "^[A-Za-z0-9._:/-]{1,100}$")),
            ("LongName", Schema.text("As `Name`, but longer.", pattern: "^[A-Za-z0-9._:/-]{1,255}$")),
            (
                "DossierID",
                Schema.text(
                    "Province and identity.",
                    pattern: "^[1-9][0-9]{0,3}\\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
            ),
            ("Activation", Schema.integer("Counts what was opened in a dossier.", min: 1, max: 2_147_483_647)),
            ("Version", Schema.integer(min: 1, max: 2_147_483_647)),
            ("Sequence", Schema.integer(min: 0, max: QueryFields.numbers.upperBound)),
            ("PageLimit", Schema.integer(min: 1, max: 200)),
            ("Cursor", Schema.text("Opaque, bound to the client and the list.", pattern: "^[0-9a-f]+$")),
            ("Flag", Schema.choice(["true", "false"])),
            ("StatusCode", Schema.integer("A national status.", min: 1, max: 10)),
            ("Phase", Schema.choice(["running", "stopping", "ended"])),
            ("TaskKind", Schema.choice(["person", "applicant"])),
            (
                "LookUpCode",
                Schema.text("The applicant's code.", pattern: "^[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}$")
            ),
            (
                "IdempotencyKey",
                Schema.text(
                    "1…255 printable ASCII characters without `\"`, `,`, `;` and `\\`; may stand in double quotes.",
                    pattern: "^[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]{1,255}$")
            ),
            ("TaskTag", Schema.text("As `\"3.1\"`.", pattern: "^\"[1-9][0-9]{0,8}\\.(0|[1-9][0-9]{0,8})\"$")),
            ("ETag", Schema.text("As `\"v12\"`.", pattern: "^\"v(0|[1-9][0-9]{0,17})\"$")),
            ("AnyObject", Schema.anyObject()),
            (
                "Text",
                Schema.object(
                    ["vi": Schema.text()], optional: ["en": Schema.text("Absent where nobody translated it yet.")],
                    "A text in both languages; the Vietnamese binds.")
            ),
        ]
    }

    private static var requests: [(String, JSONValue)] {
        let said = Schema.anyObject(
            "By the name of the need: text (sealed), `true`/`false`, a list of papers, `{\"code\", \"note\"}`, `{\"date\"}`, "
                + "`{\"instant\"}` or `{\"agency\"}`.")
        return [
            (
                "TokenRequest",
                Schema.object(
                    ["grant_type": Schema.choice(["client_credentials"])],
                    optional: [
                        "scope": Schema.text("Space-separated; all of the client's if absent."),
                        "client_id": Schema.text(), "client_secret": Schema.text(),
                    ])
            ),
            (
                "Submission",
                Schema.object(
                    [
                        "procedure": Schema.text(upTo: 100, "The procedure's name or national code."),
                        "form": Schema.anyObject(
                            "As the procedure's form says; names with dots nest. With `sibling` a JSON Merge Patch (RFC 7396) "
                                + "to that dossier's form: what differs, and null for what this one leaves out."),
                    ],
                    optional: [
                        "channel": Schema.choice(
                            ChannelName.allCases.map(\.rawValue), "How it came; `desk` if absent."),
                        "documents": .object([
                            "type": "object", "additionalProperties": Schema.ref("Name"),
                            "description": "The kind chosen for each paper, by the paper's name.",
                        ]),
                        "clientReference": Schema.text(upTo: 100, "The sender's own number, unique for the client."),
                        "sibling": Schema.ref("DossierID", "The dossier of another child of the same birth."),
                    ], isClosed: true)
            ),
            ("SaidBody", Schema.object([:], optional: ["said": said], isClosed: true)),
            (
                "Completion",
                Schema.object(
                    ["outcome": Schema.text(upTo: 100, "The outcome's name.")], optional: ["said": said],
                    isClosed: true)
            ),
            (
                "OutsideMessage",
                Schema.object(
                    ["message": Schema.text(upTo: 100, "The message's name in the procedure.")],
                    optional: ["said": said],
                    isClosed: true)
            ),
            ("Reassignment", Schema.object(["officer": Schema.text(upTo: 100, "The officer's id.")], isClosed: true)),
            (
                "Reappointment",
                Schema.object(
                    ["date": Schema.instant("The new promised date: the close of a working day.")],
                    optional: ["said": said], isClosed: true)
            ),
            (
                "Lease",
                Schema.object(
                    [:],
                    optional: [
                        "limit": Schema.integer("Calls at most; 10 if absent.", min: 1, max: 100),
                        "seconds": Schema.integer("How long they are the caller's; 60 if absent.", min: 5, max: 3600),
                    ], isClosed: true)
            ),
        ]
    }
}

import Engine
import JSONText

/// The schemas of what administrators and auditors send and get.
enum SchemasOfAdministration {
    static var all: [(String, JSONValue)] {
        [
            ("ErasureReason", Schema.choice(ErasureReason.allCases.map(\.rawValue))),
            ("ClientChange", Schema.object(["disabled": Schema.flag("Whether it is shut out.")], isClosed: true)),
            (
                "Client",
                Schema.object(
                    [
                        "id": Schema.text(), "roles": Schema.list(Schema.text()),
                        "scopes": Schema.list(Schema.choice(Scope.allCases.map(\.rawValue))),
                        "disabled": Schema.flag("Whether it was shut out."),
                    ], optional: ["agency": Schema.text(), "connector": Schema.text()])
            ),
            ("ClientPage", Schema.page("Client")),
            (
                "Stuck",
                Schema.object(
                    [
                        "dossier": Schema.ref("DossierID"), "key": Schema.text("Names it, with the dossier."),
                        "kind": Schema.choice(StuckView.Kind.allCases.map(\.rawValue)),
                        "tries": Schema.integer("How often it failed.", min: 1),
                        "error": Schema.text("Why, the last time; for the operator, in English."),
                        "since": Schema.instant("When it failed first."), "last": Schema.instant(),
                    ], optional: ["nextTry": Schema.instant("Absent once a person must free it.")])
            ),
            ("StuckPage", Schema.page("Stuck")),
            (
                "Access",
                Schema.object(
                    [
                        "at": Schema.instant(), "client": Schema.text(),
                        "purpose": Schema.text(
                            "`form`, `note`, `document`, `sibling` (copied to one), or `erase/` and the reason."),
                        "sections": Schema.list(Schema.text(), "What was opened; `*` is all."),
                    ], optional: ["officer": Schema.text("Absent for connectors and administrators.")])
            ),
            ("AccessPage", Schema.page("Access")),
            (
                "Erasure",
                Schema.object([
                    "erased": Schema.list(Schema.ref("DossierID"), "Those that still had values."),
                    "elsewhere": Schema.list(
                        Schema.ref("DossierID"), "Linked dossiers that another province keeps: ask there."),
                ])
            ),
        ]
    }
}

import HTTPTypes

extension DossiersController {
    private static let group = "Dossiers"

    var routes: [Route] { collection + readings + applicant }

    private var collection: [Route] {
        [
            Route(
                .post, "/v1/dossiers", [.submit],
                Operation(
                    id: "submitDossier", group: Self.group, summary: "Submit a dossier at the client's centre.",
                    details:
                        "The version in force at the arrival is pinned. The answer has the look-up code for the applicant. "
                        + "With `sibling` the form is completed from that dossier's: this needs the scope and the officer "
                        + "of reading a form, and is recorded as such.",
                    parameters: [.key, .anyOfficer],
                    body: .init(types: ["application/json"], schema: "Submission", example: "submission"),
                    answers: [
                        .init(
                            status: 201, text: "The dossier.", schema: "Dossier", example: "dossier",
                            headers: [("Location", "Where it can be read."), ("ETag", "Its tag.")])
                    ],
                    problems: .command + [
                        .noAgency, .officerRequired, .unknownOfficer, .notACentre, .unknownProcedure, .notInForce,
                        .referenceTaken,
                        .noCompetentAgency, .badData, .badDate, .alreadyThere,
                    ]), submit),
            Route(
                .get, "/v1/dossiers", [.read],
                Operation(
                    id: "listDossiers", group: Self.group, summary: "The dossiers that are the agency's business.",
                    details: "Newest first. With `updated-since` by change instead: begin with 0, go on with the "
                        + "`updatedSince` of the answer; it is a number of the province's sequencer, so that nothing is skipped.",
                    parameters: [
                        .query("procedure", "Only of this procedure."),
                        .query("status", "Only with this national status.", schema: "StatusCode"),
                        .query("phase", "`running`, `stopping` or `ended`.", schema: "Phase"),
                        .query("centre", "`true`: only those that the agency received as centre.", schema: "Flag"),
                        .query("code", "The dossier with this legal code."),
                        .query("look-up", "The dossier with this look-up code.", schema: "LookUpCode"),
                        .query("updated-since", "Those that changed after this number.", schema: "Sequence"), .cursor,
                        .limit,
                    ],
                    answers: [.init(status: 200, text: "A page.", schema: "DossierPage", example: "dossierPage")],
                    problems: [.invalidQuery, .noAgency]), list),
        ]
    }

    private var readings: [Route] {
        [
            Route(
                .get, "/v1/dossiers/{dossier}", [.read],
                Operation(
                    id: "readDossier", group: Self.group, summary: "A dossier: how it stands and what can be done.",
                    details: "Nothing personal. `If-None-Match` answers 304.", parameters: [.dossier],
                    answers: [
                        .init(
                            status: 200, text: "The dossier.", schema: "Dossier", example: "dossier",
                            headers: [("ETag", "Its tag, for commands on the whole.")]),
                        .init(status: 304, text: "The caller has it already.", hasBody: false),
                    ], problems: [.notFound]), read),
            Route(
                .get, "/v1/dossiers/{dossier}/events", [.read],
                Operation(
                    id: "readEvents", group: Self.group, summary: "The history of a dossier, oldest first.",
                    details: "Nothing personal: sealed notes appear as the section under which they can be asked for.",
                    parameters: [
                        .dossier, .query("after", "Only later than this sequence number.", schema: "Sequence"), .limit,
                    ],
                    answers: [.init(status: 200, text: "Events.", schema: "EventPage", example: "eventPage")],
                    problems: [.notFound, .invalidQuery]), events),
            Route(
                .get, "/v1/dossiers/{dossier}/form", Self.formScopes,
                Operation(
                    id: "readForm", group: Self.group,
                    summary: "The form in plain text: personal; the reading is recorded.",
                    parameters: [.dossier, .anyOfficer],
                    answers: [.init(status: 200, text: "The form.", schema: "AnyObject")],
                    problems: [.notFound, .invalidQuery, .officerRequired, .unknownOfficer, .noAgency, .erased]), form),
            Route(
                .get, "/v1/dossiers/{dossier}/notes", [.personal],
                Operation(
                    id: "readNote", group: Self.group, summary: "A sealed note in plain text; the reading is recorded.",
                    parameters: [
                        .dossier, .officer,
                        .query("section", "The section that an event names.", schema: "LongName", required: true),
                    ],
                    answers: [.init(status: 200, text: "The note.", schema: "Note")],
                    problems: [.notFound, .invalidQuery, .officerRequired, .unknownOfficer, .noAgency, .erased]), note),
        ]
    }

    private var applicant: [Route] {
        let answers: [Operation.Answer] = [
            .init(
                status: 200, text: "Done: the dossier as it is now.", schema: "Dossier", example: "dossier",
                headers: [("ETag", "Its new tag.")])
        ]
        let problems: [ProblemKind] =
            .command + [
                .notFound, .noAgency, .unknownOfficer, .ifMatchRequired, .invalidIfMatch, .staleVersion, .ended,
                .badData,
                .badDate, .tooLate, .notOffered, .noRole,
            ]
        return [
            Route(
                .post, "/v1/dossiers/{dossier}/supplements", [.submit],
                Operation(
                    id: "answerForApplicant", group: Self.group,
                    summary: "The applicant hands in what was asked for, through the desk.",
                    details: "`If-Match` names the waiting task by its tag. Upload the papers first.",
                    parameters: [.dossier, .key, .taskTag, .anyOfficer],
                    body: .init(
                        types: ["application/json"], schema: "SaidBody", isRequired: false, example: "saidBody"),
                    answers: answers, problems: problems + [.notOpen]), supplement),
            Route(
                .post, "/v1/dossiers/{dossier}/withdrawal", [.submit],
                Operation(
                    id: "withdrawDossier", group: Self.group, summary: "The applicant withdraws, through the desk.",
                    parameters: [.dossier, .key, .dossierTag, .anyOfficer],
                    body: .init(
                        types: ["application/json"], schema: "SaidBody", isRequired: false, example: "saidBody"),
                    answers: answers, problems: problems), withdraw),
            Route(
                .post, "/v1/dossiers/{dossier}/reappointment", [.work],
                Operation(
                    id: "reappoint", group: Self.group,
                    summary: "The late agency apologises with a reason and sets a new date, once.",
                    parameters: [.dossier, .key, .dossierTag, .officer],
                    body: .init(types: ["application/json"], schema: "Reappointment", example: "reappointment"),
                    answers: answers, problems: problems + [.officerRequired]), reappoint),
        ]
    }
}

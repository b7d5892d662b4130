import Hummingbird

extension TasksController {
    private static let group = "Tasks"

    var routes: [Route] {
        [
            Route(
                .get, "/v1/tasks", [.read],
                Operation(
                    id: "listTasks", group: Self.group, summary: "The worklist of the agency, most urgent first.",
                    details:
                        "The tasks of the client's roles; with `Officer-Id` of the roles that the officer has too.",
                    parameters: [
                        .anyOfficer, .query("role", "Only of this role."), .query("step", "Only of this step."),
                        .query("procedure", "Only of this procedure."),
                        .query("kind", "`person` or `applicant`.", schema: "TaskKind"),
                        .query("mine", "`true`: only those that the officer holds.", schema: "Flag"),
                        .query("unclaimed", "`true`: only those that nobody holds.", schema: "Flag"), .cursor, .limit,
                    ],
                    answers: [.init(status: 200, text: "A page.", schema: "TaskPage", example: "taskPage")],
                    problems: [.invalidQuery, .noAgency, .unknownOfficer]), list),
            Route(
                .get, "/v1/tasks/{dossier}/{activation}", [.read],
                Operation(
                    id: "readTask", group: Self.group, summary: "An open task, with the outcomes that are offered now.",
                    parameters: [.dossier, .activation],
                    answers: [
                        .init(
                            status: 200, text: "The task.", schema: "Task", example: "task",
                            headers: [("ETag", "Its tag.")])
                    ], problems: [.notFound, .invalidQuery]), read),
            command(
                "claim", "claimTask", "Take a task for the acting officer.", body: nil, [.heldByOther, .fourEyes], claim
            ),
            command("release", "releaseTask", "Give a task back.", body: nil, [.heldByOther, .notHeld], release),
            command(
                "reassign", "reassignTask", "Give a task to another officer of the agency.",
                body: .init(types: ["application/json"], schema: "Reassignment", example: "reassignment"),
                [.badData, .heldByOther, .fourEyes], reassign),
            command(
                "complete", "completeTask", "Finish a task with one of its outcomes.",
                body: .init(types: ["application/json"], schema: "Completion", example: "completion"),
                [
                    .badData, .badDate, .noSuchOutcome, .notOffered, .tooOften, .heldByOther, .fourEyes, .tooLate,
                    .noCompetentAgency,
                ], complete),
        ]
    }

    private func command(
        _ name: String, _ id: String, _ summary: String, body: Operation.Body?, _ problems: [ProblemKind],
        _ handle: @escaping @Sendable (APIRequest) async throws -> Response
    ) -> Route {
        Route(
            .post, "/v1/tasks/{dossier}/{activation}/\(name)", [.work],
            Operation(
                id: id, group: Self.group, summary: summary,
                parameters: [.dossier, .activation, .key, .taskTag, .officer], body: body,
                answers: [
                    .init(
                        status: 200, text: "Done: the dossier as it is now, with the tasks that this opened.",
                        schema: "Dossier", example: "dossier", headers: [("ETag", "The dossier's new tag.")])
                ], problems: .task + problems), handle)
    }
}

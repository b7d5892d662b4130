import JSONText
import WorkingTime

/// The system of a one-stop centre, for what applicants do through it: submit, hand in papers, withdraw.
struct DemoCentre: Sendable {
    let code: String
    /// In order of arrival.
    let dossiers: [SampleDossier]
    let client: APIClient
    let script: DemoScript
    let day: DemoDay
    let pause: Duration

    /// Submits each dossier at its time, a few at once where many come together.
    func submitAll() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (place, sample) in dossiers.enumerated() {
                let arrival = Instant(date: day.date, time: sample.arrives)
                while day.clock.now() < arrival {
                    if day.isOver(at: day.clock.now()) { return }
                    try await Task.sleep(for: .milliseconds(20))
                }
                if day.minutesWaited(since: arrival, at: day.clock.now()) > 15 { script.fellBehind() }
                if place >= 6 { try await group.next() }
                group.addTask { await submit(sample) }
            }
            try await group.waitForAll()
        }
    }

    /// Answers what was asked, and withdraws, until the day is over.
    func speakForApplicants() async throws {
        while !day.isOver(at: day.clock.now()) {
            do {
                try await answer()
                try await withdraw()
            } catch {
                script.note(error, "applicants at \(code)")
            }
            try await Task.sleep(for: pause)
        }
    }

    private func submit(_ sample: SampleDossier) async {
        var documents = JSONObject()
        for (name, kind) in sample.documents.sorted(by: { $0.key < $1.key }) { documents[name] = .string(kind) }
        let body: JSONValue = [
            "procedure": "2.002621", "channel": .string(sample.channel), "form": sample.form,
            "documents": .object(documents), "clientReference": .string(sample.reference),
        ]
        do {
            let dossier = try await client.post("/v1/dossiers", body, key: "\(sample.reference)/submit").json
            guard let id = dossier["id"]?.stringValue, let lookUp = dossier["lookUpCode"]?.stringValue else {
                return script.trouble("the answer to a submission has no id or look-up code")
            }
            script.submitted(sample, id: id, lookUp: lookUp)
            if sample.scenario == .withdrawnEarly {
                script.withdraws(id, at: day.clock.now().adding(seconds: 10 * 60))
            }
        } catch {
            script.note(error, "submitting")
        }
    }

    private func answer() async throws {
        let tasks = try await client.get("/v1/tasks?kind=applicant&limit=200").json["items"]?.arrayValue ?? []
        for task in tasks.compactMap(DemoTask.init) {
            let waited = task.opened.adding(seconds: 20 * 60) <= day.clock.now()
            guard waited, try await willAnswer(task.dossier) else { continue }
            do {
                _ = try await client.post(
                    "/v1/dossiers/\(task.dossier)/supplements", ["said": .object([:])],
                    key: "\(task.dossier)/\(task.activation)/answer", tag: task.tag)
            } catch {
                script.note(error, "answering \(task.procedure)/\(task.step)")
            }
        }
    }

    private func willAnswer(_ dossier: String) async throws -> Bool {
        let root = try await script.root(of: dossier, asking: client)
        switch root.flatMap(script.sample(of:))?.scenario {
        case .deskSupplementOpen, .birthSupplementOpen, nil: return false
        default: return true
        }
    }

    private func withdraw() async throws {
        for root in script.dueWithdrawals(centre: code, at: day.clock.now()) {
            do {
                guard let tag = try await client.get("/v1/dossiers/\(root)").tag else {
                    script.trouble("a dossier was answered without its tag")
                    continue
                }
                _ = try await client.post(
                    "/v1/dossiers/\(root)/withdrawal", ["said": .object([:])],
                    key: "\(root)/withdraw/\(tag.filter(\.isNumber))",
                    tag: tag)
            } catch let failure as APIFailure where failure.status == 412 {
                // It moved on meanwhile: the applicant asks again.
                script.withdraws(root, at: day.clock.now())
            } catch {
                script.note(error, "withdrawing")
            }
        }
    }
}

import NIOCore

/// Takes dossiers through all their tasks, one dossier after the other: received, checked, entered, signed.
///
/// The next task is read from the answer to the last; only where an answer lists no tasks is the dossier read. When the
/// stock runs out it submits a dossier of its own, which does not count.
final class Working: Errand {
    private enum Doing {
        case task(step: String, activation: Int, tag: String)
        case reading
        case submitting(number: Int)
    }

    private let desks: Desks
    private let stock: Stock
    private let writer: SubmissionWriter
    private let numbers: Numbers
    private let connection: Int
    private var dossier = StockedDossier(id: "", activation: 0, tag: "", commune: 0, lookUpCode: "")
    private var doing: Doing?
    private var keyNumber = 0
    /// Told the look-up code of each dossier whose last task was completed.
    var onEnd: ((String) -> Void)?

    init(desks: Desks, stock: Stock, writer: SubmissionWriter, numbers: Numbers, connection: Int) {
        self.desks = desks
        self.stock = stock
        self.writer = writer
        self.numbers = numbers
        self.connection = connection
    }

    func writeRequest(into buffer: inout ByteBuffer) -> Bool {
        if doing == nil, let dossier = stock.take() { begin(dossier) }
        switch doing {
        case .task(let step, let activation, let tag): write(step, activation, tag, into: &buffer)
        case .reading: writeReading(into: &buffer)
        case .submitting, nil:
            let number = numbers.take()
            doing = .submitting(number: number)
            writer.write(number: number, into: &buffer)
        }
        return true
    }

    func take(_ answer: Answer) -> Verdict {
        switch doing {
        case .task(let step, _, _): return finished(step, answer)
        case .reading:
            guard answer.status == 200, let glance = DossierGlance(answer) else { return failed("read", answer) }
            next(glance)
            return .aside
        case .submitting(let number):
            guard let dossier = StockedDossier(submitted: answer, number: number) else {
                return failed("submit", answer)
            }
            begin(dossier)
            return .aside
        case nil: return .failed("an answer that nobody asked for")
        }
    }

    private func begin(_ dossier: StockedDossier) {
        self.dossier = dossier
        doing = .task(step: "receive", activation: dossier.activation, tag: dossier.tag)
    }

    private func finished(_ step: String, _ answer: Answer) -> Verdict {
        guard answer.status == 200 else { return failed(step, answer) }
        if step == "sign" { onEnd?(dossier.lookUpCode) }
        if let glance = DossierGlance(answer), glance.listsTasks {
            next(glance)
        } else {
            doing = .reading
        }
        return .counted
    }

    private func next(_ glance: DossierGlance) {
        doing = glance.task.map { .task(step: $0.step, activation: $0.activation, tag: $0.tag) }
    }

    private func failed(_ what: String, _ answer: Answer) -> Verdict {
        doing = nil
        return .failed("\(what): \(answer.status) \(answer.excerpt)")
    }

    private func write(_ step: String, _ activation: Int, _ tag: String, into buffer: inout ByteBuffer) {
        let commune = Desks.communes[dossier.commune]
        keyNumber += 1
        let key = "\(writer.run)-\(connection)-\(keyNumber)"
        switch step {
        case "receive":
            writeTask(Desks.centre, Desks.reception, activation, tag, key, #"{"outcome":"accept"}"#, &buffer)
        case "check": writeTask(commune.agency, commune.officer, activation, tag, key, #"{"outcome":"ok"}"#, &buffer)
        case "sign": writeTask(commune.agency, commune.chairman, activation, tag, key, #"{"outcome":"sign"}"#, &buffer)
        default:
            let body =
                #"{"outcome":"number","said":{"personal-number":"048226012345","register-number":"118/2026, quyển số 01"}}"#
            post(
                "calls/\(dossier.id)/\(activation)/complete", Desks.connector, "Idempotency-Key: \(key)\r\n", body,
                &buffer)
        }
    }

    private func writeTask(
        _ agency: String, _ officer: String, _ activation: Int, _ tag: String, _ key: String, _ body: String,
        _ buffer: inout ByteBuffer
    ) {
        post(
            "tasks/\(dossier.id)/\(activation)/complete", agency,
            "Idempotency-Key: \(key)\r\nIf-Match: \"\(tag)\"\r\nOfficer-Id: \(officer)\r\n", body, &buffer)
    }

    private func post(
        _ path: String, _ client: String, _ headers: String, _ body: String, _ buffer: inout ByteBuffer
    ) {
        buffer.writeString(
            "POST /v1/\(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(desks.tokens[client] ?? "")\r\n\(headers)"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
        buffer.writeString(body)
    }

    private func writeReading(into buffer: inout ByteBuffer) {
        let token = desks.tokens[Desks.communes[dossier.commune].agency] ?? ""
        buffer.writeString(
            "GET /v1/dossiers/\(dossier.id) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n")
    }
}

import NIOCore
import Synchronization

/// Writes submissions of birth registrations with every field of the form that a usual one has.
struct SubmissionWriter: Sendable {
    let token: String
    /// Distinguishes the keys of this run from those of all others.
    let run: String

    func write(number: Int, into buffer: inout ByteBuffer) {
        let body = Self.body(number)
        buffer.writeString(
            "POST /v1/dossiers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\nOfficer-Id: \(Desks.reception)\r\n"
                + "Idempotency-Key: \(run)-s\(number)\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n")
        buffer.writeString(body)
    }

    /// Which commune the dossier with that number is for.
    static func commune(_ number: Int) -> Int { number % Desks.communes.count }

    private static func body(_ number: Int) -> String {
        let area = Desks.communes[commune(number)].area
        let digits = String(String(1_000_000 + number % 1_000_000).dropFirst())
        return
            #"{"procedure":"birth-registration","channel":"desk","documents":{"birth-proof":"birth-certificate-data"},"#
            + #""form":{"birth-case":"with-certificate","requester":{"full-name":"Trần Thị Mai Hương","#
            + #""national-id":"048195\#(digits)","phone":"0905\#(digits)"},"registration":{"commune":"\#(area)"},"#
            + #""child":{"full-name":"Nguyễn Trần Minh Khôi","date-of-birth":"2026-02-10","#
            + #""date-of-birth-in-words":"ngày mười tháng hai năm hai nghìn không trăm hai mươi sáu","sex":"male","#
            + #""ethnicity":"Kinh","nationality":"Việt Nam","place-of-birth":"Bệnh viện Phụ sản – Nhi, thành phố Đà Nẵng","#
            + #""native-place":"phường Hải Châu, thành phố Đà Nẵng","birth-proof-number":"48\#(digits).GCS.26"},"#
            + #""mother":{"full-name":"Trần Thị Mai Hương","date-of-birth":"1995-04-02","national-id":"048195\#(digits)","#
            + #""ethnicity":"Kinh","nationality":"Việt Nam","residence":{"line":"24 đường Trần Phú","commune":"\#(area)"}},"#
            + #""father":{"full-name":"Nguyễn Văn Lâm","date-of-birth":"1993-09-20","national-id":"048093\#(digits)","#
            + #""ethnicity":"Kinh","nationality":"Việt Nam","residence":{"line":"24 đường Trần Phú","commune":"\#(area)"}},"#
            + #""marriage":{"number":"118/2021"}}}"#
    }
}

/// Numbers that all connections take from.
final class Numbers: Sendable {
    private let next = Atomic<Int>(0)

    func take() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }
}

/// Submits dossiers until so many are there.
final class Submitting: Errand {
    private let writer: SubmissionWriter
    private let numbers: Numbers
    private let count: Int
    private let stock: Stock
    private var number = 0

    init(writer: SubmissionWriter, numbers: Numbers, count: Int, stock: Stock) {
        self.writer = writer
        self.numbers = numbers
        self.count = count
        self.stock = stock
    }

    func writeRequest(into buffer: inout ByteBuffer) -> Bool {
        number = numbers.take()
        guard number < count else { return false }
        writer.write(number: number, into: &buffer)
        return true
    }

    func take(_ answer: Answer) -> Verdict {
        guard let dossier = StockedDossier(submitted: answer, number: number) else {
            return .failed("submit: \(answer.status) \(answer.excerpt)")
        }
        stock.put(dossier)
        return .counted
    }
}

extension StockedDossier {
    /// The dossier of a submission's answer; nil when it was refused.
    init?(submitted answer: Answer, number: Int) {
        guard answer.status == 201, let glance = DossierGlance(answer), let task = glance.task,
            let code = glance.lookUpCode
        else { return nil }
        self.init(
            id: glance.id, activation: task.activation, tag: task.tag, commune: SubmissionWriter.commune(number),
            lookUpCode: code)
    }
}

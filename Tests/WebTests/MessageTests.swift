import HTTPTypes
import JSONText
import Testing

@testable import Web

/// What outside systems say without having been asked.
struct MessageTests {
    /// A payment without a limit in law, whose end the civil register tells.
    private static let file = """
        procedure: payment-sample
        version: 1
        code: "9.000001"
        field: mau
        title: {vi: Thủ tục mẫu có nghĩa vụ tài chính, en: A sample with a duty to be paid}
        legal-basis: Luật mẫu
        effective: {from: 2024-01-01}
        calendar: vn-state
        reception: {within: 8 working hours}
        deadline:
          limits: [{within: 8 working days}]
        form:
          place: {type: area, required: true, title: {vi: Xã, en: Commune}}
        steps:
          receive:
            title: {vi: Tiếp nhận, en: Receive}
            by: reception at centre
            clock: reception
            public: {status: 1, vi: "Trả lời chậm nhất {due}.", en: "An answer by {due}."}
            outcomes:
              accept: {title: {vi: Nhận, en: Accept}, accepts: true, then: pay}
          pay:
            title: {vi: Thực hiện nghĩa vụ tài chính, en: Pay the duty}
            no-limit: {basis: "Luật mẫu, điều 3", remind: 10 working days, review: {after: 30 working days, then: issue}}
            clock: paused
            public: {status: 6, vi: Bạn cần nộp lệ phí., en: Please pay the duty.}
            on:
              messages:
                paid: {title: {vi: Đã nộp, en: Paid}, from: civil-registry, then: issue}
          issue:
            title: {vi: Trả kết quả, en: Issue}
            by: civil-status at civil-status of form.place
            within: 2 working days
            public: {status: 4, vi: "Đang ký, hẹn {promised}.", en: "Being signed, promised for {promised}."}
            outcomes:
              done: {title: {vi: Xong, en: Done}, end: issued}
        ends:
          issued: {result: issued, status: [9, 10], vi: Đã có kết quả., en: Issued.}
        examples:
          - name: paid at once
            given: {submitted: 2026-04-13T07:45}
            when:
              - {at: 2026-04-13T08:00, do: receive, outcome: accept}
              - {at: 2026-04-14T10:00, tell: paid}
            then: {open: [issue], status: 4}
        """

    @Test func `an outside system tells a dossier what it waits for, once a key`() async throws {
        try await WebWorld.fresh { world in
            let loaded = try await world.send(
                .post, "/v1/procedures?file=payment-sample.yaml", as: "admin", key: "load",
                body: [UInt8](Self.file.utf8),
                type: "application/yaml")
            #expect(loaded.status == 201, "\(String(decoding: loaded.bytes, as: UTF8.self))")
            let place = try #require(
                try await world.send(.get, "/v1/areas?province=da-nang", as: "desk").json["items"]?.arrayValue?.first?[
                    "code"])
            let made = try await world.send(
                .post, "/v1/dossiers", as: "desk", key: "s",
                json: ["procedure": "9.000001", "channel": "desk", "form": ["place": place], "documents": [:]])
            #expect(made.status == 201, "\(made.json)")
            _ = try await world.complete(made, "accept", key: "c")
            let path = "/v1/dossiers/\(made.id)/messages"
            let unknown = try await world.send(.post, path, as: "registry", key: "m0", json: ["message": "unpaid"])
            #expect(unknown.status == 409 || unknown.status == 422, "\(unknown.json)")
            let told = try await world.send(.post, path, as: "registry", key: "m1", json: ["message": "paid"])
            #expect(told.status == 200, "\(told.json)")
            #expect(told.json["dossier"]?.stringValue == made.id)
            let again = try await world.send(.post, path, as: "registry", key: "m1", json: ["message": "paid"])
            #expect(again.bytes == told.bytes)
            #expect(try await world.read(made.id).json["status"]?["code"] == 4)
            #expect(try await world.send(.post, path, as: "desk", key: "m2", json: ["message": "paid"]).status == 403)
        }
    }

    @Test func `a dossier whose procedure waits for no message is none of the outside system's`() async throws {
        try await WebWorld.fresh { world in
            let made = try await world.submit()
            let told = try await world.send(
                .post, "/v1/dossiers/\(made.id)/messages", as: "registry", key: "m", json: ["message": "paid"])
            #expect(told.status == 404)
        }
    }
}

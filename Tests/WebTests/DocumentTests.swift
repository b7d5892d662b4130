import HTTPTypes
import JSONText
import Testing

@testable import Web

struct DocumentTests {
    private static let pdf = Array("%PDF-1.7\nNguyễn Minh Khôi".utf8)

    @Test func `a document is handed in once, listed and read back`() async throws {
        try await WebWorld.shared { world in
            let made = try await world.submit()
            let path = "/v1/dossiers/\(made.id)/documents"
            let upload = {
                try await world.send(
                    .post, path + "?name=birth-proof&kind=witness", as: "desk", officer: WebWorld.officer, key: "u",
                    body: Self.pdf, type: "application/pdf")
            }
            let first = try await upload()
            #expect(first.status == 201, "\(first.json)")
            let validator = SchemaValidator(contract: OpenAPIDocument([]).value)
            #expect(validator.problems(first.json, "Document").isEmpty)
            #expect(try await upload().bytes == first.bytes)
            let list = try await world.send(.get, path, as: "desk")
            #expect(validator.problems(list.json, "DocumentPage").isEmpty)
            #expect(list.json["items"]?.arrayValue?.count == 1)
            let href = try #require(first.json["href"]?.stringValue)
            let content = try await world.send(.get, href, as: "desk", officer: WebWorld.officer)
            #expect(content.bytes == Self.pdf)
            #expect(content.headers[.contentType] == "application/pdf")
            #expect(content.headers[.contentDisposition] == "attachment")
            #expect(try await world.send(.get, href, as: "desk").code == "officer-required")
            #expect(try await world.send(.get, href, as: "other-desk", officer: "dn-mc2-tiepnhan-01").status == 404)
            #expect(try await world.send(.get, path + "/99", as: "desk", officer: WebWorld.officer).status == 404)
        }
    }

    @Test func `what is no document is refused`() async throws {
        try await WebWorld.shared { world in
            let made = try await world.submit()
            let path = "/v1/dossiers/\(made.id)/documents"
            let good = "?name=birth-proof&kind=witness"
            let cases: [(String, [UInt8], String, Int, String)] = [
                (good, Self.pdf, "text/html", 415, "unsupported-media-type"),
                (good, Self.pdf, "image/png", 415, "wrong-content"),
                (good, Array("<script>".utf8), "application/pdf", 415, "wrong-content"),
                (good, [], "application/pdf", 415, "wrong-content"),
                ("?name=passport", Self.pdf, "application/pdf", 400, "invalid-query"),
                ("?kind=witness", Self.pdf, "application/pdf", 400, "invalid-query"),
                ("?name=birth-proof&kind=photo", Self.pdf, "application/pdf", 400, "invalid-query"),
                ("?name=birth-proof", Self.pdf, "application/pdf", 400, "invalid-query"),
                (good, [UInt8](repeating: 0x20, count: (10 << 20) + 1), "application/pdf", 413, "content-too-large"),
            ]
            for (query, body, type, status, code) in cases {
                let answer = try await world.send(.post, path + query, as: "desk", key: "k", body: body, type: type)
                #expect(answer.status == status, "\(query) \(type)")
                #expect(answer.code == code, "\(query) \(type)")
            }
            #expect(try await world.send(.get, path, as: "desk").json["items"] == [])
        }
    }
}

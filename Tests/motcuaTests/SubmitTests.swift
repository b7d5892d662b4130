import JSONText
import Testing

@testable import motcua

struct SubmitTests {
    private static let file = Array(#"{"procedure": "birth-registration", "form": {}}"#.utf8)

    @Test func `a sibling stands in the body, and makes it another request than the file alone`() throws {
        let alone = try Submit.request(Self.file, sibling: nil)
        #expect(alone.body == ["procedure": "birth-registration", "form": [:]])
        let first = try Submit.request(Self.file, sibling: "48.a")
        #expect(first.body == ["procedure": "birth-registration", "form": [:], "sibling": "48.a"])
        let second = try Submit.request(Self.file, sibling: "48.b")
        #expect(Set([alone.key, first.key, second.key]).count == 3)
        #expect(try Submit.request(Self.file, sibling: "48.a").key == first.key)
        // A file that is no object goes as it stands: the API says what is wrong with it.
        #expect(try Submit.request(Array("[]".utf8), sibling: "48.a").body == [])
    }

    @Test func `siblings are shown where there are any`() {
        #expect(DossierCard(["id": "48.a", "siblings": []]).lines.map(\.1) == ["48.a"])
        let lines = DossierCard(["id": "48.a", "siblings": ["48.b", "48.c"]]).lines
        #expect(lines.map(\.1) == ["48.a", "48.b, 48.c"])
        #expect(lines.last?.0 == "Hồ sơ của trẻ sinh cùng lần / siblings")
    }
}

import JSONText
import Notices
import Testing
import WorkingTime

@testable import Procedures

struct `A submitted form` {
    static let directory = AgencyDirectory(
        provinces: [.init(code: "north", number: 1, name: LocalText(vi: "Bắc"), identifier: "H01")],
        areas: [.init(code: "001", province: "north", name: LocalText(vi: "Xã Một"))])

    static func procedure() throws -> Procedure {
        let choices = [
            FieldType.Choice(code: "paper", title: LocalText(vi: "Có giấy")),
            FieldType.Choice(code: "none", title: LocalText(vi: "Không")),
        ]
        let title = LocalText(vi: "Ô", en: "Field")
        let scope = ConditionScope(facts: ["form.case": .choice(["paper", "none"]), "form.copies": .number])
        let paper = try ConditionParser.parse("form.case == \"paper\"", scope: scope).condition
        let few = try ConditionParser.parse("form.copies <= 5", scope: scope).condition
        let fields: [Field] = [
            Field(name: "case", title: title, type: .choice(choices), required: true, personal: false),
            Field(name: "copies", title: title, type: .number(min: 0, max: 20), required: true, personal: false),
            Field(name: "child.name", title: title, type: .text(max: 10), required: true, personal: true),
            Field(
                name: "child.born", title: title, type: .date(notAfterSubmission: true), required: true, personal: true),
            Field(name: "child.paper", title: title, type: .text(max: 10), required: true, when: paper, personal: true),
            Field(name: "asker.id", title: title, type: .nationalID, required: true, personal: true),
            Field(name: "asker.phone", title: title, type: .phone, required: true, personal: true),
            Field(name: "asker.home", title: title, type: .address, required: false, personal: true),
            Field(name: "commune", title: title, type: .area, required: true, personal: false),
            Field(name: "post", title: title, type: .yesNo, required: false, personal: false),
            Field(
                name: "names", title: title, type: .list(.text(max: 3), min: 1, max: 2), required: false, personal: true
            ),
            Field(
                name: "father", title: title,
                type: .group([Field(name: "name", title: title, type: .text(max: 10), required: true, personal: true)]),
                required: false, personal: true),
        ]
        return Procedure(
            name: "sample", version: 1, contentHash: "", code: nil, title: title, field: "x", legalBasis: "",
            effective: Effective(from: .earliest), calendar: "office",
            facts: [
                Fact(name: "form.case", type: .choice(["paper", "none"]), source: .form("case")),
                Fact(name: "form.copies", type: .number, source: .form("copies")),
                Fact(name: "form.commune", type: .area, source: .form("commune")),
            ], reasons: [], form: fields,
            formRules: [FormRule(check: few, message: LocalText(vi: "Tối đa 5 bản", en: "At most 5 copies"))],
            documents: [], fees: [], reception: nil, deadline: nil, late: LateRule(), groups: [], milestones: [],
            ends: [], nodes: [], start: NodeIndex(0), linkedStart: nil, withdrawal: nil, examples: [])
    }

    static let good: JSONValue = [
        "case": "paper", "copies": 2, "child": ["name": "Bình An", "born": "2026-02-01", "paper": "AB 12"],
        "asker": [
            "id": "048090000123", "phone": "+84905000111",
            "home": ["line": "12 Lê Lợi", "commune": "001"],
        ],
        "commune": "001", "post": nil, "names": ["An"], "father": ["name": "Hùng"],
    ]

    static func check(_ form: JSONValue) throws -> CheckedForm {
        let day = try #require(CivilDate(year: 2026, month: 3, day: 2))
        return try procedure().checkForm(form, submitted: day, directory: directory)
    }

    @Test func `is taken apart into personal and open values and facts`() throws {
        let checked = try Self.check(Self.good)
        #expect(checked.open == ["case": "paper", "copies": 2, "commune": "001"])
        #expect(checked.personal["child"]?["name"] == "Bình An")
        #expect(checked.personal["case"] == nil)
        #expect(
            checked.facts == ["form.case": .text("paper"), "form.copies": .number(2), "form.commune": .text("001")])
        #expect(checked.values["child.born"] == "2026-02-01")
    }

    /// The path of one value in the good form, what stands there instead, and the problem's place and code.
    @Test(
        arguments: [
            (["case"], "papr", "/case", "not-a-choice"), (["case"], 1, "/case", "wrong-type"),
            (["copies"], "2", "/copies", "wrong-type"), (["copies"], 21, "/copies", "out-of-range"),
            (["copies"], 6, "", "form-rule"), (["copies"], nil, "/copies", "required"),
            (["child", "name"], "  ", "/child/name", "empty"),
            (["child", "name"], "Nguyễn Thị Mai", "/child/name", "too-long"),
            (["child", "name"], "A\u{0}B", "/child/name", "control-character"),
            (["child", "name"], "A\u{202E}B", "/child/name", "control-character"),
            (["child", "name"], "\u{2800} ", "/child/name", "empty"),
            (["child", "name"], "An\u{200B}", "/child/name", "unseen-character"),
            (["asker", "id"], "04809000\u{2060}0123", "/asker/id", "unseen-character"),
            (["asker", "home", "line"], "12 Lê\u{AD}Lợi", "/asker/home/line", "unseen-character"),
            (["names"], ["\u{3164}"], "/names/0", "unseen-character"),
            (["child", "born"], "2026-02-30", "/child/born", "date"),
            (["child", "born"], "2026-03-03", "/child/born", "in-the-future"),
            (["child", "paper"], nil, "/child/paper", "required"), (["child"], "x", "/child", "wrong-type"),
            (["child.name"], "An", "/child.name", "unknown-field"),
            (["child", "nme"], "An", "/child/nme", "unknown-field"),
            (["asker", "id"], "097090000123", "/asker/id", "national-id"),
            (["asker", "id"], "04809000012", "/asker/id", "national-id"),
            (["asker", "phone"], "905000111", "/asker/phone", "phone"),
            (["asker", "phone"], "0905 000 111", "/asker/phone", "phone"),
            (["asker", "home"], ["line": "x"], "/asker/home/commune", "required"),
            (
                ["asker", "home"], ["line": "x", "commune": "001", "district": "y"], "/asker/home/district",
                "unknown-field"
            ),
            (["commune"], "999", "/commune", "unknown-area"), (["post"], "true", "/post", "wrong-type"),
            (["names"], [], "/names", "count"), (["names"], ["a", "b", "c"], "/names", "count"),
            (["names"], ["An", "Bình"], "/names/1", "too-long"),
            (["father"], ["nam": "x", "name": "y"], "/father/nam", "unknown-field"),
            (["father"], ["name": nil], "/father/name", "required"), (["case"], "none", "/child/paper", "not-asked"),
        ] as [([String], JSONValue, String, String)])
    func `is refused with the place of the problem`(
        _ path: [String], _ value: JSONValue, _ pointer: String, _ code: String
    ) throws {
        let form = Self.put(value, path[...], Self.good)
        let problems = #expect(throws: JSONProblems.self) { try Self.check(form) }
        #expect(problems?.problems.map { "\($0.pointer) \($0.code)" } == ["\(pointer) \(code)"])
    }

    static func put(_ value: JSONValue, _ path: ArraySlice<String>, _ form: JSONValue) -> JSONValue {
        guard let first = path.first else { return value }
        var object = form.objectValue ?? JSONObject()
        object[first] = put(value, path.dropFirst(), object[first] ?? .object(JSONObject()))
        return .object(object)
    }

    @Test func `is refused with every problem at once`() {
        let problems = #expect(throws: JSONProblems.self) { try Self.check(["copies": "x", "wat": 1]) }
        #expect((problems?.problems.count ?? 0) >= 8)
        #expect(throws: JSONProblems.self) { try Self.check([]) }
    }

    @Test(.timeLimit(.minutes(1))) func `looks no further once enough is wrong`() {
        // A megabyte of keys, each like one that was meant: looking for the meaning of all would take minutes.
        let wrong = JSONObject((0..<100_000).map { ("phone\($0)", JSONValue.integer(1)) })
        for path in [["asker"], ["father"]] {
            let form = Self.put(.object(wrong), path[...], Self.good)
            let problems = #expect(throws: JSONProblems.self) { try Self.check(form) }
            #expect(problems?.problems.count == JSONProblems.countMax)
        }
    }

    @Test(
        arguments: [
            ("Nguyễn\u{200B}An", 7, "U+200B"), ("\u{FEFF}An", 1, "U+FEFF"), ("An\u{200E}", 3, "U+200E"),
            ("A\u{200D}n", 2, "U+200D"), ("A\u{FE0F}n", 2, "U+FE0F"), ("A\u{34F}n", 2, "U+034F"),
            ("A\u{E0041}", 2, "U+E0041"), ("A\u{2028}B", 2, "U+2028"), ("A\u{FFFE}", 2, "U+FFFE"),
            ("A\u{1160}", 2, "U+1160"), ("\u{661}\u{200D}\u{200D}\u{200D}", 4, "U+200D"),
        ])
    func `what cannot be seen is told with its number and place`(_ text: String, _ place: Int, _ name: String) {
        #expect(UnseenCharacter.first(in: text) == UnseenCharacter(name: name, place: place))
    }

    @Test(arguments: [
        "Nguyễn Thị Ánh Nguyệt", "H’Hen Niê", "Y Bút – Niê", "Đặng\u{A0}Văn Ẩn", "Thạch សុខា", "សុ\u{200D}ខា",
        "می\u{200C}خواهم", "葛\u{E0100}飾", "❤\u{FE0F}\u{200D}🔥", "12/3A, tổ 5", "", "Nguye\u{302}\u{303}n",
    ])
    func `what can be seen is kept, in every script`(_ text: String) {
        #expect(UnseenCharacter.first(in: text) == nil)
    }

    @Test(arguments: [
        ("0905000111", true), ("02363000111", true), ("+84905000111", true), ("090500011", false),
        ("84905000111", false), ("+840905000111", true), ("09050001112", true), ("090500011123", false),
        ("0٩٠٥٠٠٠١١١", false),
    ])
    func `takes Vietnamese telephone numbers`(_ text: String, _ isPhone: Bool) {
        #expect(FieldCheck.isPhone(text) == isPhone)
    }

    @Test(arguments: [
        ("001090000123", true), ("096090000123", true), ("000090000123", false), ("097090000123", false),
        ("01090000123", false), ("00109000012x", false), ("٠٠١٠٩٠٠٠٠١٢٣", false),
    ])
    func `takes identity numbers of a province`(_ text: String, _ isNumber: Bool) {
        #expect(FieldCheck.isNationalID(text) == isNumber)
    }
}

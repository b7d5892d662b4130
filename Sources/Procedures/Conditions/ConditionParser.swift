import JSONText
import WorkingTime

/// Why a condition was refused, and at which of its characters.
struct ConditionProblem: Error, Hashable {
    var offset: Int
    var rule: Rule
    var message: BilingualText
    var fix: BilingualText?

    init(_ offset: Int, _ rule: Rule, _ vi: String, _ en: String, fix: BilingualText? = nil) {
        self.offset = offset
        self.rule = rule
        message = BilingualText(vi: vi, en: en)
        self.fix = fix
    }
}

/// What a condition may read.
struct ConditionScope {
    /// Facts by full name.
    var facts: [String: FactType]
    /// Fields that exist but are personal, by full name: naming one is refused with that reason (V22).
    var personal: Set<String> = []
    /// Fields that exist but hold no single value, by full name.
    var compound: Set<String> = []
}

/// Reads a condition: `? :`, then `||`, `&&`, comparisons and `in`, `!`, and the rest; typed as it is read.
///
/// Time and stack are bounded by the length (1,000 characters) and the depth (32).
struct ConditionParser {
    /// A typed expression and where it starts.
    struct Typed {
        var term: Condition.Term
        var type: FactType
        var offset: Int
        /// The value, where it is a literal.
        var literal: FactValue?
    }

    static let depthMax = 32

    private var lexer: ConditionLexer
    private let scope: ConditionScope
    private var token = ConditionToken.end
    private var offset = 0
    private var depth = 0
    /// Facts that it reads, each once, in order.
    private(set) var used: [String] = []

    /// Reads a whole condition; it must be of type yes-no.
    static func parse(
        _ text: String, scope: ConditionScope
    ) throws(ConditionProblem) -> (condition: Condition, used: [String]) {
        guard text.unicodeScalars.count <= ConditionLexer.lengthMax else {
            throw ConditionProblem(
                0, .v17, "Điều kiện dài quá \(ConditionLexer.lengthMax) ký tự.",
                "The condition is longer than \(ConditionLexer.lengthMax) characters.")
        }
        var parser = ConditionParser(lexer: ConditionLexer(text), scope: scope)
        try parser.advance()
        let whole = try parser.choice()
        guard parser.token == .end else { throw parser.unexpected() }
        guard whole.type == .yesNo else {
            throw ConditionProblem(
                whole.offset, .v17, "Điều kiện phải là đúng hoặc sai, đây là \(name(whole.type)).",
                "A condition must be yes or no; this is a \(name(whole.type)).")
        }
        return (Condition(source: text, expression: whole.term), parser.used)
    }

    private init(lexer: ConditionLexer, scope: ConditionScope) {
        self.lexer = lexer
        self.scope = scope
    }

    private mutating func advance() throws(ConditionProblem) {
        (token, offset) = try lexer.next()
    }

    private mutating func take(_ symbol: String) throws(ConditionProblem) -> Bool {
        guard token == .symbol(symbol) else { return false }
        try advance()
        return true
    }

    private mutating func expect(_ symbol: String) throws(ConditionProblem) {
        if try take(symbol) { return }
        throw ConditionProblem(offset, .v17, "Cần “\(symbol)” ở đây.", "“\(symbol)” is expected here.")
    }

    private func unexpected() -> ConditionProblem {
        if token == .end {
            return ConditionProblem(offset, .v17, "Điều kiện chưa viết hết.", "The condition ends too early.")
        }
        return ConditionProblem(offset, .v17, "Từ này không hợp ở đây.", "This word does not fit here.")
    }

    private mutating func choice() throws(ConditionProblem) -> Typed {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else {
            throw ConditionProblem(offset, .v17, "Điều kiện lồng quá sâu.", "The condition is nested too deep.")
        }
        let test = try or()
        guard try take("?") else { return test }
        try need(.yesNo, test)
        let yes = try choice()
        try expect(":")
        let no = try choice()
        guard Self.kin(yes.type, no.type) else { throw unlike(yes, no) }
        return Typed(term: .choose(test.term, yes.term, no.term), type: Self.plain(yes.type), offset: test.offset)
    }

    private mutating func or() throws(ConditionProblem) -> Typed {
        var left = try and()
        while try take("||") {
            let right = try and()
            try need(.yesNo, left)
            try need(.yesNo, right)
            left = Typed(term: .or(left.term, right.term), type: .yesNo, offset: left.offset)
        }
        return left
    }

    private mutating func and() throws(ConditionProblem) -> Typed {
        var left = try comparison()
        while try take("&&") {
            let right = try comparison()
            try need(.yesNo, left)
            try need(.yesNo, right)
            left = Typed(term: .and(left.term, right.term), type: .yesNo, offset: left.offset)
        }
        return left
    }

    private mutating func comparison() throws(ConditionProblem) -> Typed {
        let left = try unary()
        if token == .name("in") {
            try advance()
            return try membership(left)
        }
        guard case .symbol(let symbol) = token, let comparison = Condition.Comparison(rawValue: symbol) else {
            return left
        }
        let at = offset
        try advance()
        let right = try unary()
        guard Self.kin(left.type, right.type) else { throw unlike(left, right) }
        try checkCode(left, right)
        try checkCode(right, left)
        if comparison != .equal, comparison != .notEqual, ![.number, .date].contains(left.type) {
            throw ConditionProblem(
                at, .v17, "“\(symbol)” chỉ so số và ngày.", "“\(symbol)” compares numbers and dates only.")
        }
        return Typed(term: .compare(comparison, left.term, right.term), type: .yesNo, offset: left.offset)
    }

    private mutating func membership(_ left: Typed) throws(ConditionProblem) -> Typed {
        try expect("[")
        var list: [FactValue] = []
        repeat {
            let item = try primary()
            guard let literal = item.literal else {
                throw ConditionProblem(
                    item.offset, .v17, "Trong danh sách chỉ có giá trị.", "A list holds values only.")
            }
            guard Self.kin(left.type, item.type) else { throw unlike(left, item) }
            try checkCode(left, item)
            list.append(literal)
        } while try take(",")
        try expect("]")
        return Typed(term: .isIn(left.term, list), type: .yesNo, offset: left.offset)
    }

    private mutating func unary() throws(ConditionProblem) -> Typed {
        let at = offset
        var negations = 0
        while try take("!") { negations += 1 }
        let inner = try primary()
        guard negations > 0 else { return inner }
        try need(.yesNo, inner)
        return Typed(
            term: negations % 2 == 1 ? .not(inner.term) : .not(.not(inner.term)), type: .yesNo, offset: at)
    }

    private mutating func primary() throws(ConditionProblem) -> Typed {
        let at = offset
        switch token {
        case .text(let text):
            try advance()
            return literal(.text(text), .text, at)
        case .number(let number):
            try advance()
            return literal(.number(number), .number, at)
        case .symbol("("):
            try advance()
            let inner = try choice()
            try expect(")")
            return inner
        case .name(let name):
            try advance()
            return try named(name, at)
        default: throw unexpected()
        }
    }

    private func literal(_ value: FactValue, _ type: FactType, _ at: Int) -> Typed {
        Typed(term: .literal(value), type: type, offset: at, literal: value)
    }

    private mutating func named(_ name: String, _ at: Int) throws(ConditionProblem) -> Typed {
        switch name {
        case "true": return literal(.yesNo(true), .yesNo, at)
        case "false": return literal(.yesNo(false), .yesNo, at)
        case "has":
            try expect("(")
            guard case .name(let fact) = token else { throw unexpected() }
            let factAt = offset
            try advance()
            _ = try self.fact(fact, factAt)
            try expect(")")
            return Typed(term: .has(fact), type: .yesNo, offset: at)
        case "date":
            try expect("(")
            guard case .text(let text) = token else { throw unexpected() }
            guard let date = CivilDate(text) else {
                throw ConditionProblem(offset, .v17, "“\(text)” không phải ngày.", "“\(text)” is not a date.")
            }
            try advance()
            try expect(")")
            return literal(.date(date), .date, at)
        default:
            let type = try fact(name, at)
            return Typed(term: .fact(name, unset: Self.empty(type)), type: type, offset: at)
        }
    }

    private mutating func fact(_ name: String, _ at: Int) throws(ConditionProblem) -> FactType {
        if let type = scope.facts[name] {
            if !used.contains(name) { used.append(name) }
            return type
        }
        if scope.personal.contains(name) {
            throw ConditionProblem(
                at, .v22, "“\(name)” là dữ liệu cá nhân, điều kiện không được đọc.",
                "“\(name)” is personal; conditions may not read it.",
                fix: BilingualText(
                    vi: "Khai một trường không cá nhân hoặc một “facts:”.",
                    en: "Declare a field that is not personal, or a fact under “facts:”."))
        }
        if scope.compound.contains(name) {
            throw ConditionProblem(
                at, .v17, "“\(name)” không có một giá trị duy nhất.", "“\(name)” does not hold a single value.")
        }
        throw ConditionProblem(
            at, .v17, "Không có trường hay dữ kiện “\(name)”.", "There is no field or fact “\(name)”.",
            fix: meant(name, among: scope.facts.keys.sorted()))
    }

    private func need(_ type: FactType, _ typed: Typed) throws(ConditionProblem) {
        guard typed.type == type else {
            throw ConditionProblem(
                typed.offset, .v17, "Cần đúng/sai, đây là \(Self.name(typed.type)).",
                "A yes-no is needed; this is a \(Self.name(typed.type)).")
        }
    }

    /// A choice compared with a text must name one of its codes.
    private func checkCode(_ choice: Typed, _ other: Typed) throws(ConditionProblem) {
        guard case .choice(let codes) = choice.type, case .text(let code)? = other.literal, !codes.contains(code)
        else { return }
        let list = codes.joined(separator: ", ")
        throw ConditionProblem(
            other.offset, .v17, "“\(code)” không phải một lựa chọn.", "“\(code)” is not one of the choices.",
            fix: meant(code, among: codes) ?? BilingualText(vi: "Chọn: \(list).", en: "One of: \(list)."))
    }

    private func unlike(_ left: Typed, _ right: Typed) -> ConditionProblem {
        ConditionProblem(
            right.offset, .v17, "So \(Self.name(left.type)) với \(Self.name(right.type)).",
            "It compares a \(Self.name(left.type)) with a \(Self.name(right.type)).")
    }

    /// Choices and areas compare as texts.
    private static func plain(_ type: FactType) -> FactType {
        switch type {
        case .choice, .area: .text
        default: type
        }
    }

    private static func kin(_ left: FactType, _ right: FactType) -> Bool { plain(left) == plain(right) }

    static func empty(_ type: FactType) -> FactValue {
        switch type {
        case .yesNo: .yesNo(false)
        case .text, .choice, .area: .text("")
        case .number: .number(0)
        case .date: .date(CivilDate(daysSinceEpoch: 0))
        }
    }

    static func name(_ type: FactType) -> String {
        switch type {
        case .yesNo: "yes-no"
        case .text: "text"
        case .number: "number"
        case .date: "date"
        case .choice: "choice"
        case .area: "area"
        }
    }
}

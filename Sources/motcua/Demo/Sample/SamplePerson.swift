import JSONText
import WorkingTime

/// An invented grown-up.
struct SamplePerson: Hashable, Sendable {
    enum Sex: String, Sendable, CaseIterable {
        case male
        case female
    }

    var surname: String
    var rest: String
    var sex: Sex
    var birth: CivilDate
    var nationalID: String
    var people: String
    var address: SampleAddress

    var fullName: String { "\(surname) \(rest)" }
}

/// An invented address of the two-tier administration: a line, and a commune by its code.
struct SampleAddress: Hashable, Sendable {
    var line: String
    var commune: String

    var json: JSONValue { ["line": .string(line), "commune": .string(commune)] }
}

extension SeededGenerator {
    /// Middle and given name.
    mutating func givenNames(_ sex: SamplePerson.Sex) -> String {
        let middle = pick(weighted: sex == .female ? SampleNames.womensMiddles : SampleNames.mensMiddles)
        var name = pick(sex == .female ? SampleNames.womensNames : SampleNames.mensNames, otherwise: "An")
        // "Anh Anh" is nobody's name.
        if middle.hasSuffix(name) { name = sex == .female ? "Duyên" : "Đức Trí" }
        return "\(middle) \(name)"
    }

    /// A grown-up of `ages` years on `day`.
    mutating func person(
        _ sex: SamplePerson.Sex, ages: ClosedRange<Int>, on day: CivilDate, living commune: String,
        surname: String? = nil
    ) -> SamplePerson {
        let birth = day.adding(days: -number(ages.lowerBound * 365...ages.upperBound * 365 + 364))
        return SamplePerson(
            surname: surname ?? pick(weighted: SampleNames.surnames), rest: givenNames(sex), sex: sex, birth: birth,
            nationalID: nationalID(sex, born: birth), people: pick(weighted: SampleNames.peoples),
            address: address(in: commune))
    }

    /// Twelve digits: registry, century and sex, year of birth, and six that count.
    mutating func nationalID(_ sex: SamplePerson.Sex, born: CivilDate) -> String {
        let century = min(max(born.year / 100 - 19, 0), 4)
        let year = born.year % 100
        return pick(weighted: SampleNames.registries) + String(century * 2 + (sex == .female ? 1 : 0))
            + (year < 10 ? "0" : "") + String(year) + digits(6)
    }

    /// A mobile number of ten digits.
    mutating func phone() -> String {
        pick(SampleNames.mobiles, otherwise: "090") + digits(7)
    }

    /// A house in a street of the commune.
    mutating func address(in commune: String) -> SampleAddress {
        let street = pick(SampleNames.streets, otherwise: "Trần Phú")
        let house = number(1...380)
        let line =
            isSo(25)
            ? "Kiệt \(number(2...120))/\(number(1...40)) đường \(street)"
            : isSo(20) ? "Tổ \(number(1...60)), đường \(street)" : "\(house) đường \(street)"
        return SampleAddress(line: line, commune: commune)
    }
}

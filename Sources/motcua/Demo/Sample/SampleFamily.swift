import JSONText
import WorkingTime

/// The people of one sample dossier.
struct SampleFamily: Sendable {
    let mother: SamplePerson
    let father: SamplePerson?
    let childName: String
    let sex: SamplePerson.Sex
    let born: CivilDate
    /// Whether the hospital wrote a birth proof.
    let hasProof: Bool

    init(_ random: inout SeededGenerator, day: CivilDate, home: String, scenario: Scenario) {
        let mother = random.person(.female, ages: 19...41, on: day, living: home)
        var father: SamplePerson?
        if !random.isSo(5) {
            var man = random.person(.male, ages: 21...48, on: day, living: home)
            man.address = mother.address
            father = man
        }
        sex = random.isSo(52) ? .male : .female
        childName = "\((father ?? mother).surname) \(random.givenNames(sex))"
        // Within the sixty days that the law gives for a registration in time.
        born = day.adding(days: -random.number(2...55))
        hasProof = !random.isSo(4)
        self.mother = mother
        self.father = father
    }

    /// The mother or the father, who asks.
    func requester(_ random: inout SeededGenerator) -> JSONValue {
        let isFather = father != nil && random.isSo(45)
        let person = isFather ? father ?? mother : mother
        return [
            "full-name": .string(person.fullName), "date-of-birth": .string(person.birth.description),
            "national-id": .string(person.nationalID), "residence": person.address.json,
            "phone": .string(random.phone()), "email": .string("nguoi-nop-\(random.digits(6))@example.vn"),
            "relation": isFather ? "father" : "mother",
        ]
    }

    /// A parent, or somebody else where the child lives with others.
    func householder(_ random: inout SeededGenerator, livesWithOthers: Bool) -> JSONValue {
        let person =
            livesWithOthers
            ? random.person(
                random.isSo(50) ? .male : .female, ages: 48...74, on: born, living: mother.address.commune,
                surname: mother.surname)
            : father ?? mother
        return [
            "full-name": .string(person.fullName), "national-id": .string(person.nationalID),
            "relation": livesWithOthers ? "cháu" : "con",
        ]
    }

    static func parent(_ person: SamplePerson) -> JSONValue {
        [
            "full-name": .string(person.fullName), "date-of-birth": .string(person.birth.description),
            "national-id": .string(person.nationalID), "ethnicity": .string(person.people), "nationality": "Việt Nam",
            "residence": person.address.json,
        ]
    }
}

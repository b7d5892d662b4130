import JSONText
import Notices
import Procedures
import WorkingTime

/// Writes invented dossiers of procedure 2.002621, every field of the declaration filled: the same for the same seed.
struct SampleWriter: Sendable {
    private let places: SamplePlaces
    private let day: CivilDate
    private var random: SeededGenerator

    /// A writer of dossiers that are submitted on `day`.
    init(places: SamplePlaces, day: CivilDate, seed: UInt64) {
        self.places = places
        self.day = day
        random = SeededGenerator(seed: seed)
    }

    /// So many dossiers, in the order in which they come in.
    mutating func dossiers(count: Int) -> [SampleDossier] {
        let scenarios = Scenario.list(count: count, &random)
        var dossiers: [SampleDossier] = []
        for (index, scenario) in scenarios.enumerated() {
            let number = String(index + 1)
            let reference = "DEMO-" + String(repeating: "0", count: max(4 - number.utf8.count, 0)) + number
            dossiers.append(dossier(reference, scenario))
        }
        return dossiers.sorted { ($0.arrives, $0.reference) < ($1.arrives, $1.reference) }
    }

    private mutating func dossier(_ reference: String, _ scenario: Scenario) -> SampleDossier {
        // The first centre is the busiest.
        let centre = places.centres[random.isSo(50) ? 0 : random.number(0...places.centres.count - 1)]
        let home = commune(in: centre.province)
        let residence = random.isSo(8) ? commune(in: centre.province) : home
        let family = SampleFamily(&random, day: day, home: home.code, scenario: scenario)
        let wantsResidence = scenario.needsResidence || !random.isSo(4)
        let wantsInsurance = scenario.needsInsurance || !wantsResidence || !random.isSo(4)
        let livesWithOthers = scenario.livesWithOthers
        var form = JSONObject()
        form["wants"] = ["residence": .bool(wantsResidence), "insurance": .bool(wantsInsurance)]
        form["birth-case"] = family.hasProof ? "with-certificate" : "without-certificate"
        form["requester"] = family.requester(&random)
        form["registration"] = ["commune": .string(home.code)]
        form["child"] = child(family, home: home, centre: centre)
        form["mother"] = SampleFamily.parent(family.mother)
        if let father = family.father {
            form["father"] = SampleFamily.parent(father)
            form["marriage"] = ["number": .string("\(random.number(1...180))/\(random.number(2012...2024))")]
        }
        let address = residence.code == home.code ? family.mother.address : random.address(in: residence.code)
        var living: JSONObject = [
            "commune": .string(residence.code), "address": address.json, "with": livesWithOthers ? "other" : "parents",
        ]
        // What a part does not need is not asked for.
        if wantsResidence { living["householder"] = family.householder(&random, livesWithOthers: livesWithOthers) }
        form["residence"] = .object(living)
        if wantsInsurance { form["insurance"] = ["clinic": .string("Trạm y tế \(residence.name.vi)")] }
        form["delivery"] = [
            "way": .string(random.pick(weighted: [("desk", 5), ("electronic", 3), ("post", 2)])),
            "copies": .integer(Int64(random.number(0...3))),
        ]
        var documents = ["birth-proof": family.hasProof ? "birth-certificate-data" : "undertaking"]
        if livesWithOthers { documents["residence-consent"] = "residence-consent" }
        return SampleDossier(
            reference: reference, centre: centre.code,
            channel: random.pick(weighted: [("online", 6), ("desk", 4)]), form: .object(form), documents: documents,
            scenario: scenario, arrives: arrival(of: scenario), child: record(family))
    }

    private mutating func commune(in province: String) -> AgencyDirectory.Area {
        let all = places.communes[province] ?? []
        return random.pick(all, otherwise: AgencyDirectory.Area(code: "", province: province, name: .init(vi: "")))
    }

    private mutating func child(
        _ family: SampleFamily, home: AgencyDirectory.Area, centre: AgencyDirectory.Agency
    ) -> JSONValue {
        let province = places.provinces[centre.province]?.name.vi ?? centre.province
        let hospital = "Bệnh viện \(random.pick(SampleNames.hospitals, otherwise: "Bình Minh")), \(province)"
        var child = JSONObject()
        child["full-name"] = .string(family.childName)
        child["date-of-birth"] = .string(family.born.description)
        child["date-of-birth-in-words"] = .string(VietnameseWords.date(family.born))
        child["sex"] = .string(family.sex.rawValue)
        child["ethnicity"] = .string(family.father?.people ?? family.mother.people)
        child["nationality"] = "Việt Nam"
        child["place-of-birth"] = .string(family.hasProof ? hospital : "Tại nhà, \(home.name.vi), \(province)")
        child["native-place"] = .string("\(home.name.vi), \(province)")
        if family.hasProof { child["birth-proof-number"] = .string(birthProof(family.born)) }
        return .object(child)
    }

    /// `XXXXX.GCS.ZZZZZ.YY`: the facility, the paper's number, the year.
    private mutating func birthProof(_ born: CivilDate) -> String {
        let year = String(born.year % 100)
        return "\(random.digits(5)).GCS.\(random.digits(5)).\(year.utf8.count < 2 ? "0" : "")\(year)"
    }

    private mutating func record(_ family: SampleFamily) -> SampleChild {
        SampleChild(
            personalNumber: random.nationalID(family.sex, born: family.born),
            registerNumber: "\(random.number(1...900))/\(day.year), quyển số 01/\(day.year)",
            cardNumber: "TE1" + random.digits(12))
    }

    /// The morning is busier than the afternoon; what must go far comes early, what stays open may come late.
    private mutating func arrival(of scenario: Scenario) -> TimeOfDay {
        let morning = scenario != .untouched && scenario != .unsigned
        let seconds: Int
        switch random.number(1...100) {
        case ...55 where morning: seconds = random.number(7 * 3600 + 1800...9 * 3600 + 1800)
        case ...75 where morning: seconds = random.number(9 * 3600 + 1800...11 * 3600 + 1800)
        default: seconds = random.number(13 * 3600...15 * 3600)
        }
        return TimeOfDay(secondsOfDay: seconds) ?? .midnight
    }
}

import JSONText

/// What a family submits for the three parts of 2.002621: invented people.
struct FlagshipForm: Sendable {
    var wantsResidence = true
    var wantsInsurance = true
    /// Where the birth is registered, by area code.
    var commune = "48001"
    /// Where the child will live, perhaps in another province.
    var residence = "48001"
    /// `parents`, `guardian` or `other`.
    var livesWith = "parents"

    /// The body of a submission.
    var body: JSONValue {
        var documents: JSONObject = ["birth-proof": "birth-certificate-data"]
        if livesWith == "other" { documents["residence-consent"] = "residence-consent" }
        return [
            "procedure": "birth-residence-insurance", "channel": "online", "form": form,
            "documents": .object(documents),
        ]
    }

    /// The body for a second child of the same birth: what it does not share with the first.
    static func twin(of first: String) -> JSONValue {
        [
            "procedure": "birth-residence-insurance", "channel": "online", "sibling": .string(first),
            "documents": ["birth-proof": "birth-certificate-data"], "form": twinForm,
        ]
    }

    fileprivate static let twinForm: JSONValue = [
        "child": ["full-name": "Lê Trần Song Sinh", "sex": "male", "birth-proof-number": "48123.GCS.00002.26"]
    ]

    fileprivate var form: JSONValue {
        var form: JSONObject = [
            "wants": ["residence": .bool(wantsResidence), "insurance": .bool(wantsInsurance)],
            "birth-case": "with-certificate",
            "requester": [
                "full-name": "Trần Thị Mẫu", "date-of-birth": "1996-05-20", "national-id": "048196001234",
                "residence": ["line": "12 Bạch Đằng", "commune": .string(commune)], "phone": "0905123456",
                "relation": "mother",
            ],
            "registration": ["commune": .string(commune)],
            "child": [
                "full-name": "Lê Trần Mẫu", "date-of-birth": "2026-02-14",
                "date-of-birth-in-words": "ngày mười bốn tháng hai năm hai nghìn không trăm hai mươi sáu",
                "sex": "female", "ethnicity": "Kinh", "nationality": "Việt Nam",
                "place-of-birth": "Bệnh viện Mẫu, Đà Nẵng", "native-place": "Hải Châu, Đà Nẵng",
                "birth-proof-number": "48123.GCS.00001.26",
            ],
            "mother": ["full-name": "Trần Thị Mẫu"],
            "delivery": ["way": "desk", "copies": 2],
        ]
        var home: JSONObject = [
            "commune": .string(residence), "address": ["line": "12 Bạch Đằng", "commune": .string(residence)],
            "with": .string(livesWith),
        ]
        if wantsResidence {
            home["householder"] = ["full-name": "Lê Văn Mẫu", "national-id": "048090001234"]
        }
        form["residence"] = .object(home)
        if wantsInsurance { form["insurance"] = ["clinic": "Trạm y tế phường Mẫu"] }
        return .object(form)
    }
}

extension FlagshipForm {
    /// What the families of all paths submitted, and what officers added about the children.
    static let everySubmittedValue = PersonalValues(
        [
            ("form", FlagshipForm().form), ("twin", twinForm),
            ("elsewhere", FlagshipForm(residence: "79001", livesWith: "other").form),
        ]
            + ["048326000123", "048326000999"].map { ("personal-number", .string($0)) })
}

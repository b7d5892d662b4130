import JSONText

/// The contract's examples; the tests send and compare these very values.
enum Examples {
    /// Each with the schema that it shows.
    static let all: [(name: String, schema: String, value: JSONValue)] = texts.map { name, schema, text in
        // A text that does not read would be null here, which a test refuses.
        (name, schema, (try? JSONValue.parse(text: text)) ?? .null)
    }

    /// The example of that name; null if there is none.
    static func value(_ name: String) -> JSONValue { all.first { $0.name == name }?.value ?? .null }

    private static let texts: [(String, String, String)] = [
        ("tokenRequest", "TokenRequest", #"{"grant_type": "client_credentials", "scope": "read submit"}"#),
        (
            "token", "Token",
            #"{"access_token": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 600, "scope": "read submit"}"#
        ),
        (
            "tokenError", "TokenError",
            #"{"error": "invalid_scope", "error_description": "The client does not have all of these scopes."}"#
        ),
        ("submission", "Submission", submission), ("dossier", "Dossier", dossier),
        ("dossierPage", "DossierPage", dossierPage), ("eventPage", "EventPage", eventPage),
        ("saidBody", "SaidBody", #"{"said": {"note": "Đã nộp giấy chứng sinh bản gốc."}}"#),
        (
            "completion", "Completion",
            #"{"outcome": "supplement", "said": {"missing": ["birth-proof"], "note": "Cần bản gốc."}}"#
        ),
        (
            "callCompletion", "Completion",
            #"{"outcome": "number", "said": {"personal-number": "048326000123", "register-number": "12/2026"}}"#
        ),
        ("outsideMessage", "OutsideMessage", #"{"message": "tax-paid"}"#),
        ("reassignment", "Reassignment", #"{"officer": "dn-mc1-tiepnhan-02"}"#),
        (
            "reappointment", "Reappointment",
            #"{"date": "2026-03-09T17:00:00+07:00", "said": {"reason": {"code": "overload"}}}"#
        ),
        ("clientChange", "ClientChange", #"{"disabled": true}"#), ("clientPage", "ClientPage", clientPage),
        ("stuckPage", "StuckPage", stuckPage), ("accessPage", "AccessPage", accessPage),
        (
            "erasure", "Erasure",
            #"{"erased": ["48.019ca0c5-4c00-7abc-8def-0123456789ab"], "elsewhere": []}"#
        ),
        ("lease", "Lease", #"{"limit": 10, "seconds": 60}"#), ("task", "Task", task),
        ("taskPage", "TaskPage", taskPage),
        ("document", "Document", document), ("fileReport", "FileReport", fileReport),
        (
            "agencyPage", "AgencyPage",
            #"{"items": [{"code": "000.00.01.H17", "kind": "centre", "province": "da-nang", "name": {"vi": "Trung tâm Phục vụ hành chính công phường Hải Châu", "en": "Hai Chau ward one-stop centre"}, "phone": "02360000101", "serves": ["48001", "48002", "48003"], "calendar": "vn-state"}]}"#
        ),
        (
            "areaPage", "AreaPage",
            #"{"items": [{"code": "48001", "province": "da-nang", "name": {"vi": "phường Hải Châu", "en": "Hai Chau ward"}}]}"#
        ),
    ]

    private static let clientPage = #"""
        {"items": [{"id": "dn-hai-chau-desk", "agency": "000.00.01.H17", "roles": ["reception"],
          "scopes": ["personal", "read", "submit", "work"], "disabled": false}]}
        """#

    private static let stuckPage = #"""
        {"items": [{"dossier": "48.019ca0c5-4c00-7abc-8def-0123456789ab", "key": "late/0", "kind": "timer", "tries": 5,
          "error": "checkViolation 23514 constraint=dossier_status statement=dossier_update",
          "since": "2026-03-02T08:00:00+07:00", "last": "2026-03-02T08:04:00+07:00"}]}
        """#

    private static let accessPage = #"""
        {"items": [{"at": "2026-03-02T08:31:00+07:00", "client": "dn-hai-chau-desk", "officer": "dn-mc1-tiepnhan-01",
          "purpose": "form", "sections": ["form"]}]}
        """#

    private static let submission = """
        {
          "procedure": "birth-registration", "channel": "desk", "clientReference": "MC-2026-000123",
          "documents": {"birth-proof": "birth-certificate-data"},
          "form": {
            "birth-case": "with-certificate", "registration": {"commune": "48001"},
            "requester": {"full-name": "Nguyễn Văn An", "national-id": "048090001234", "phone": "0905123456"},
            "child": {
              "full-name": "Nguyễn Minh Khôi", "date-of-birth": "2026-02-20", "sex": "male",
              "date-of-birth-in-words": "Ngày hai mươi tháng hai năm hai nghìn không trăm hai mươi sáu",
              "ethnicity": "Kinh", "nationality": "Việt Nam", "native-place": "Quảng Trị",
              "place-of-birth": "Bệnh viện Phụ sản – Nhi Đà Nẵng", "birth-proof-number": "GCS-2026-00417"
            },
            "mother": {"full-name": "Trần Thị Bình"}
          }
        }
        """

    private static let head = #"""
        "id": "48.019ca0c5-4c00-7abc-8def-0123456789ab",
          "href": "/v1/dossiers/48.019ca0c5-4c00-7abc-8def-0123456789ab", "sequence": 6,
          "procedure": {
            "name": "birth-registration", "version": 1, "code": "1.001193",
            "title": {"vi": "Đăng ký khai sinh", "en": "Birth registration"}},
          "channel": "desk", "centre": "000.00.01.H17", "agency": "000.00.01.H17", "phase": "running",
          "status": {"code": 1, "name": {"vi": "Mới đăng ký", "en": "Newly submitted"}},
          "stage": {"name": "submitted", "tag": {"vi": "Đã nộp, chờ tiếp nhận", "en": "Submitted, waiting for acceptance"}},
          "milestone": "received", "submitted": "2026-02-27T09:00:00+07:00", "due": "2026-02-27T17:00:00+07:00",
          "late": false
        """#

    private static let taskMembers = #"""
        "dossier": "48.019ca0c5-4c00-7abc-8def-0123456789ab", "activation": 1, "tag": "\"1.0\"", "kind": "person",
          "step": "receive", "title": {"vi": "Tiếp nhận, kiểm tra hồ sơ", "en": "Receive and check"},
          "agency": "000.00.01.H17", "role": "reception", "opened": "2026-02-27T09:00:00+07:00",
          "due": "2026-02-27T17:00:00+07:00"
        """#

    private static let dossier = """
        {
          \(head),
          "lookUpCode": "2345-6789-ABCX",
          "clock": {"state": "reception", "epoch": 0, "receptionDue": "2026-02-27T17:00:00+07:00", "pauses": [],
            "reappointments": 0},
          "facts": {"form.registration.commune": "48001"},
          "siblings": [], "links": [], "parts": [], "issued": [], "missing": [], "withdrawalAsked": false,
          "tasks": [{\(taskMembers)}],
          "allowedActions": [
            {"action": "complete", "activation": 1, "step": "receive", "outcome": "supplement",
              "label": {"vi": "Yêu cầu bổ sung", "en": "Ask for papers"}, "agency": "000.00.01.H17", "role": "reception",
              "needs": [
                {"name": "missing", "title": {"vi": "Giấy tờ còn thiếu", "en": "Missing papers"}, "kind": "documents",
                  "required": true,
                  "choices": [{"code": "birth-proof", "title": {"vi": "Giấy chứng sinh", "en": "Birth proof"}}]},
                {"name": "note", "title": {"vi": "Hướng dẫn", "en": "Guidance"}, "kind": "sealed", "required": false}]},
            {"action": "claim", "activation": 1, "step": "receive", "label": {"vi": "Nhận việc", "en": "Claim"},
              "agency": "000.00.01.H17", "role": "reception", "needs": []}]
        }
        """

    private static let dossierPage = "{\"items\": [{\(head)}], \"next\": \"/v1/dossiers?cursor=9f0c\"}"

    private static let eventPage = #"""
        {"items": [{"sequence": 3, "kind": "claimed", "arrived": "2026-02-27T09:05:00+07:00",
          "recorded": "2026-02-27T09:05:00.004211+07:00",
          "by": {"kind": "officer", "officer": "dn-mc1-tiepnhan-01", "agency": "000.00.01.H17"},
          "details": {"activation": 1, "officer": "dn-mc1-tiepnhan-01"}}], "hasMore": false}
        """#

    private static let wholeTask = """
        {\(taskMembers),
          "procedure": {"name": "birth-registration", "version": 1, "code": "1.001193",
            "title": {"vi": "Đăng ký khai sinh", "en": "Birth registration"}},
          "centre": "000.00.01.H17"}
        """
    private static let task = wholeTask
    private static let taskPage = "{\"items\": [\(wholeTask)]}"

    private static let document = #"""
        {"id": "5c1f0e6a", "href": "/v1/dossiers/48.019ca0c5-4c00-7abc-8def-0123456789ab/documents/5c1f0e6a",
          "name": "birth-proof", "kind": "birth-certificate-data", "contentType": "application/pdf", "byteCount": 81234,
          "received": "2026-02-27T09:01:00+07:00"}
        """#

    private static let fileReport = #"""
        {"ok": false, "findings": [{"rule": "V05", "severity": "error", "file": "khai-sinh.yaml", "line": 48, "column": 3,
          "path": "steps/check", "message": {"vi": "Từ bước này không tới được kết thúc nào.",
          "en": "No end can be reached from this step."}}]}
        """#
}

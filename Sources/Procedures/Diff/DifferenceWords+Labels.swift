extension DifferenceWords {
    /// One thing of those that a file names under a key.
    static let singles: [String: (String, String)] = [
        "steps": ("bước", "step"), "outcomes": ("kết quả", "outcome"), "branches": ("nhánh", "branch"),
        "form": ("trường", "field"), "fields": ("trường", "field"), "choices": ("lựa chọn", "choice"),
        "documents": ("giấy tờ", "paper"), "fees": ("khoản phí", "fee"), "ends": ("kết thúc", "end"),
        "milestones": ("mốc", "milestone"), "reasons": ("lý do", "reason"), "facts": ("dữ kiện", "fact"),
        "needs": ("nội dung phải nêu", "need"), "gives": ("thành phần", "component"), "sets": ("dữ kiện", "fact"),
        "messages": ("thông điệp", "message"), "areas": ("địa bàn", "area"), "agencies": ("cơ quan", "agency"),
        "officers": ("chức danh", "post"), "connectors": ("hệ thống", "connector"), "sessions": ("ngày", "weekday"),
        "due": ("bước", "step"), "linked": ("hồ sơ liên thông", "linked dossier"), "results": ("kết quả", "result"),
    ]

    /// By which keys a row of a list is known in both files.
    static let identities: [String: [String]] = [
        "limit-row": ["when"], "form-rule": ["check"], "example": ["name"], "conflict": ["rule"], "action": ["at"],
        "week": ["from"], "day-off": ["date", "from"], "working-day": ["date"], "overlay": ["procedure", "from"],
    ]

    /// What people call the keys of the grammar.
    static let labels: [String: (String, String)] = procedureLabels.merging(stepLabels) { first, _ in first }
        .merging(officeLabels) { first, _ in first }

    private static let procedureLabels: [String: (String, String)] = [
        "procedure": ("thủ tục", "procedure"), "version": ("phiên bản", "version"), "code": ("mã thủ tục", "code"),
        "field": ("lĩnh vực", "field"), "title": ("tên", "title"), "vi": ("tiếng Việt", "Vietnamese"),
        "en": ("tiếng Anh", "English"), "legal-basis": ("căn cứ pháp lý", "legal basis"),
        "effective": ("hiệu lực", "in force"), "from": ("từ ngày", "from"), "until": ("đến hết ngày", "until"),
        "replaced-by": ("được thay bằng", "replaced by"), "calendar": ("lịch làm việc", "calendar"),
        "unverified": ("điều chưa đối chiếu", "what is unverified"), "facts": ("các dữ kiện", "facts"),
        "type": ("kiểu", "type"), "choices": ("các lựa chọn", "choices"), "set-by": ("do bước nào xác định", "set by"),
        "reception": ("thời hạn tiếp nhận", "reception"), "within": ("thời hạn", "limit"),
        "deadline": ("thời hạn giải quyết", "time limit of the whole"), "limits": ("các mức thời hạn", "limits"),
        "when": ("điều kiện", "condition"), "counts-from": ("tính từ", "counts from"),
        "counting": ("cách tính ngày", "counting"), "cut-off": ("giờ chốt", "cut-off"), "at": ("tại", "at"),
        "of": ("của", "of"), "channels": ("các kênh nộp", "channels"), "late": ("khi sắp và đã quá hạn", "lateness"),
        "warn": ("cảnh báo", "warning"), "ahead": ("báo trước", "ahead"), "who": ("người nhận", "who"),
        "re-appoint": ("xin lỗi và hẹn lại", "new date with an apology"), "at-most": ("số lần tối đa", "at most"),
        "breach": ("khi quá hạn", "breach"), "tell": ("báo cho", "tell"), "milestones": ("các mốc", "milestones"),
        "reasons": ("các lý do", "reasons"), "form": ("các trường của tờ khai", "fields of the form"),
        "form-rules": ("các điều kiện của tờ khai", "form rules"), "check": ("điều kiện", "check"),
        "message": ("câu báo", "message"), "documents": ("các giấy tờ", "papers"), "one-of": ("một trong", "one of"),
        "required": ("bắt buộc", "required"), "personal": ("dữ liệu cá nhân", "personal"), "min": ("ít nhất", "least"),
        "max": ("nhiều nhất", "most"), "not-after": ("không sau", "not after"), "fields": ("các trường", "fields"),
        "fees": ("các khoản phí", "fees"), "amount": ("số tiền (đồng)", "amount (đồng)"),
        "timing": ("lúc nộp", "timing"),
        "collector": ("nơi thu", "collector"), "refund": ("hoàn trả", "refund"),
        "none": ("không hoàn, theo", "kept under"),
        "linked": ("khi là phần của thủ tục khác", "as a part of another"), "start": ("bước đầu", "first step"),
        "groups": ("các nhóm bước", "groups of steps"), "ends": ("các kết thúc", "ends"),
        "accept-conflict": ("xung đột được chấp nhận", "accepted conflicts"), "rule": ("quy tắc", "rule"),
        "because": ("vì", "because"), "basis": ("căn cứ", "basis"), "examples": ("các ví dụ", "examples"),
        "example.when": ("diễn biến", "what happens"), "example.then": ("phải có", "what must be so"),
        "name": ("tên", "name"), "given": ("đã nộp", "given"), "submitted": ("nộp lúc", "submitted"),
        "channel": ("kênh nộp", "channel"), "do": ("làm bước", "do"), "answer": ("trả lời ở", "answer"),
        "withdraw": ("rút hồ sơ", "withdraw"), "reappoint": ("hẹn lại", "reappoint"), "to": ("đến", "to"),
        "wait": ("chờ", "wait"), "promised": ("ngày hẹn", "promised"),
        "first-promised": ("ngày hẹn đầu", "first promised"),
        "due": ("hạn của các bước", "dues"), "open": ("các bước đang mở", "open steps"),
        "ended": ("kết thúc ở", "ended"),
        "refused": ("bị từ chối", "refused"),
    ]

    private static let stepLabels: [String: (String, String)] = [
        "steps": ("các bước", "steps"), "by": ("người thực hiện", "performer"),
        "not-by": ("không do người của bước", "not by"), "call": ("gọi hệ thống", "call"),
        "down": ("khi hệ thống không trả lời", "when it does not answer"), "after": ("sau", "after"),
        "then": ("đi tới bước", "leads to"), "attempts": ("số lần thử", "attempts"),
        "no-limit": ("chờ không thời hạn", "wait without limit"), "remind": ("nhắc lại sau mỗi", "reminder"),
        "review": ("xem xét", "review"), "holder": ("chờ ai", "holder"), "waits": ("khi phần này chờ", "waits"),
        "copies": ("dữ kiện lấy sang", "copies"), "parallel": ("các nhánh song song", "parallel branches"),
        "join": ("cách nhập nhánh", "join"), "results": ("kết quả chung", "results"),
        "branches": ("các nhánh", "branches"),
        "clock": ("đồng hồ thời hạn", "clock"), "public": ("câu công khai", "public words"),
        "status": ("trạng thái quốc gia", "national status"), "stage": ("giai đoạn", "stage"),
        "milestone": ("mốc", "milestone"), "outcomes": ("các kết quả", "outcomes"), "outcome": ("kết quả", "outcome"),
        "accepts": ("tiếp nhận hồ sơ", "accepts"), "needs": ("nội dung phải nêu", "needs"),
        "optional": ("không bắt buộc", "optional"), "sets": ("dữ kiện được xác định", "sets"),
        "gives": ("thành phần được trao", "gives"), "ask": ("yêu cầu bổ sung", "request"), "end": ("kết thúc", "end"),
        "result": ("kết quả", "result"), "re-route": ("chuyển cơ quan khác", "re-route"),
        "silence": ("khi không trả lời", "on silence"), "on": ("gián đoạn", "interruptions"),
        "messages": ("các thông điệp", "messages"), "withdrawal": ("rút hồ sơ", "withdrawal"),
        "words": ("câu công khai", "public words"), "confirm": ("bước xác nhận", "confirmation"),
        "partial-end": ("kết thúc một phần", "partial end"),
    ]

    private static let officeLabels: [String: (String, String)] = [
        "province": ("tỉnh", "province"), "number": ("số", "number"), "identifier": ("mã định danh", "identifier"),
        "areas": ("các địa bàn", "areas"), "agencies": ("các cơ quan", "agencies"),
        "officers": ("các chức danh", "posts"),
        "overlays": ("thời hạn riêng của tỉnh", "the province's own limits"), "kind": ("loại", "kind"),
        "phone": ("điện thoại", "telephone"), "serves": ("địa bàn phục vụ", "areas served"),
        "succeeds": ("kế thừa", "succeeds"), "agency": ("cơ quan", "agency"), "roles": ("vai trò", "roles"),
        "connectors": ("các hệ thống", "connectors"), "operations": ("việc có thể yêu cầu", "operations"),
        "extends": ("dựa trên lịch", "extends"), "years": ("các năm", "years"),
        "provisional": ("năm tạm tính", "provisional years"), "hours": ("giờ làm việc", "office hours"),
        "counted": ("ngày được tính", "counted days"), "sessions": ("các buổi", "sessions"),
        "days-off": ("ngày nghỉ", "days off"), "working-days": ("ngày làm bù", "worked rest days"),
        "date": ("ngày", "date"), "reason": ("lý do", "reason"), "in-force": ("đã có hiệu lực", "in force"),
        "instead-of": ("thay cho ngày", "instead of"),
    ]
}

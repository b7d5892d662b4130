import PublicFeed
import WorkingTime

extension Verify {
    /// What is wrong, each with its place in a line of its own, and what is to be done before anything else.
    static func words(_ findings: [LogAudit.Finding], width: Int) -> [String] {
        guard !findings.isEmpty else { return [] }
        var lines: [String] = []
        for finding in findings {
            var place = "Tỉnh / province \(finding.province)"
            if let n = finding.n { place += ", mục / leaf \(n)" }
            if let dossier = finding.dossier { place += ", hồ sơ / dossier \(dossier)" }
            if let number = finding.number { place += ", số / number \(number)" }
            lines += broken("✗ \(place)", into: width) + broken(finding.what, into: width - 2).map { "  " + $0 }
        }
        lines += broken(
            "Trước khi sửa bất cứ điều gì, hãy giữ một bản sao của cơ sở dữ liệu. Cách xử lý từng bảng: docs/log.md.",
            into: width)
        lines += broken(
            "Before anything is mended, keep a copy of the database. What to do about each table: docs/log.md.",
            into: width)
        return lines + [""]
    }

    /// What a province's audit came to, in both languages, and what is to be done about what is no finding and yet not
    /// plain.
    static func words(_ outcome: LogAudit.Outcome, of province: Int16) -> (line: String, notes: [String]) {
        let signed = outcome.signed.map { "\($0.size)" } ?? "chưa / none"
        let line =
            "Tỉnh / province \(province): \(outcome.size) mục / leaves, đã ký / signed: \(signed), "
            + "đã xóa / erased: \(outcome.erasedCount), sai / findings: \(outcome.findings.count)"
        var notes: [String] = []
        if outcome.erasedCount > 0 {
            notes += [
                "\(outcome.erasedCount) mục đã xóa nội dung: mục vẫn nằm trong sổ, không ai còn đối chiếu được mục nói gì. "
                    + "Không cần làm gì.",
                "\(outcome.erasedCount) erased: the leaves stand, and nobody can tell any more what they said. Nothing to do.",
            ]
        }
        if let heads = outcome.heads, heads.count > 0 {
            notes += [
                "\(heads.count) mục không thuộc tin nào: mỗi ngày một mục ghi nhận các hồ sơ có việc mới mà không có tin mới. "
                    + (heads.isChecked
                        ? "Đã đối chiếu, không cần làm gì."
                        : "Chưa đối chiếu, vì vai trò này không đọc được engine.heads: hãy cho --source là chủ của lược đồ."),
                "\(heads.count) of no notice: once a day one commits to the dossiers that moved without a notice. "
                    + (heads.isChecked
                        ? "Checked; nothing to do."
                        : "Not checked, as this role may not read engine.heads: let --source be the schema's owner."),
            ]
        }
        if !outcome.unexplained.isEmpty {
            let (count, which) = (outcome.unexplained.count, runs(outcome.unexplained))
            notes += [
                "\(count) mục không có tin ở đây (\(which)): mục ghi nhận hằng ngày (mỗi ngày nhiều nhất một), "
                    + "hoặc dòng đã bị xóa. Muốn biết, hãy cho --source là cơ sở dữ liệu xử lý hồ sơ.",
                "\(count) without a notice here (\(which)): a day's heads (at most one a day), or rows that are gone. "
                    + "To tell which, give the engine's database by --source.",
            ]
        }
        if !outcome.setAside.isEmpty {
            let (count, which) = (outcome.setAside.count, runs(outcome.setAside))
            notes += [
                "\(count) tin lúc đến chưa đọc được (\(which)): bản tin công khai không nhắc đến các tin đó. Không cần làm gì.",
                "\(count) could not be read when they came (\(which)): the public streams do not tell them. Nothing to do.",
            ]
        }
        return (line, notes + words(outcome.figures))
    }

    /// What of the figures was not compared, and why.
    static func words(_ figures: LogAudit.Figures) -> [String] {
        var notes: [String] = []
        func months(_ days: [CivilDate]) -> String {
            days.map { "\($0.month)/\($0.year)" }.joined(separator: ", ")
        }
        if let rules = figures.otherRules {
            notes += [
                "Số liệu thống kê do phiên bản khác đếm (quy tắc \(rules)): chưa đối chiếu. Hãy chạy motcua verify của phiên bản đó, "
                    + "hoặc sau khi phiên bản này đã khởi động và đếm lại.",
                "The statistics were counted by another version (rules \(rules)): not compared. Run that version's motcua "
                    + "verify, or this one's after it was started and has counted anew.",
            ]
        }
        if let day = figures.rulesChangedOn {
            let text = "\(day.day)/\(day.month)/\(day.year)"
            notes += [
                "Quy tắc đếm đã đổi, lần cuối ngày \(text): điều chỉnh ghi đến ngày đó không tính lại được từ các tin.",
                "The rules of counting were changed, last on \(text): corrections noted up to then cannot be computed again.",
            ]
        }
        if !figures.lateMonths.isEmpty {
            notes += [
                "Đang được công bố lại, chưa đối chiếu: tháng \(months(figures.lateMonths)). Hãy chạy lại sau một phút khi máy chủ "
                    + "đang hoạt động.",
                "Being published anew, not compared: \(months(figures.lateMonths)). Run it again in a minute, with a server running.",
            ]
        }
        if !figures.unsignedMonths.isEmpty {
            notes += [
                "Mức độ hài lòng được đếm khi phiên bản cũ chưa ký, không đối chiếu được: tháng \(months(figures.unsignedMonths)).",
                "Ratings counted by an older version that did not sign them, nothing can compare them: "
                    + "\(months(figures.unsignedMonths)).",
            ]
        }
        if !figures.foreignMonths.isEmpty {
            notes += [
                "Do phiên bản khác công bố, phiên bản này không hiển thị, chưa đối chiếu: tháng \(months(figures.foreignMonths)).",
                "Published by another version and not shown by this one, not compared: \(months(figures.foreignMonths)).",
            ]
        }
        return notes
    }

    /// Numbers in order as text, neighbours joined: 7, 10–12. The first few.
    static func runs(_ numbers: [Int64], atMost countMax: Int = 12) -> String {
        var runs: [ClosedRange<Int64>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound == number - 1 {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        let told = runs.prefix(countMax).map {
            $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)"
        }
        return told.joined(separator: ", ") + (runs.count > countMax ? ", …" : "")
    }
}

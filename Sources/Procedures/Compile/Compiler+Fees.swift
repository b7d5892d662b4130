import WorkingTime

extension Compiler {
    /// V20: what is paid says to whom, and what happens to it when the dossier is refused or withdrawn.
    mutating func compileFees() -> [Fee] {
        (draft["fees"]?.entries ?? []).map { entry in
            let body = entry.value
            let fee = Fee(
                name: entry.key, title: localText(body["title"]), amount: body["amount"]?.whole ?? 0,
                timing: body.text("timing") ?? "none",
                collector: body["collector"].flatMap { rule in rule.text.flatMap { agencyRule($0, at: rule) } },
                refund: body["refund"].flatMap { refund($0) }, legalBasis: body.text("legal-basis"))
            checkFee(fee, entry)
            return fee
        }
    }

    private mutating func checkFee(_ fee: Fee, _ entry: Draft.Entry) {
        guard fee.amount > 0 else { return }
        if fee.timing == "none" {
            log.error(
                .v20, at: entry.value["timing"], "Có mức thu mà không nói thu lúc nào.",
                "There is an amount, and nothing says when it is due.",
                fix: BilingualText(vi: "Chọn “before” hoặc “after”.", en: "Take “before” or “after”."))
        }
        if entry.value["collector"] == nil {
            log.error(
                .v20, at: entry, "Chưa nói cơ quan nào thu “\(entry.key)”.",
                "Nothing says which agency collects “\(entry.key)”.",
                fix: BilingualText(vi: "Thêm “collector: centre”.", en: "Add “collector: centre”."))
        }
        if fee.timing == "before", entry.value["refund"] == nil {
            log.error(
                .v20, at: entry, "Thu trước mà chưa nói hoàn trả thế nào khi từ chối hoặc rút hồ sơ.",
                "It is paid before the work, and nothing says how it is paid back after a refusal or withdrawal.",
                fix: BilingualText(
                    vi: "Thêm “refund: {by: …, within: …}” hoặc “refund: {none: căn cứ}”.",
                    en: "Add “refund: {by: …, within: …}”, or “refund: {none: BASIS}”."))
        }
    }

    private mutating func refund(_ draft: Draft) -> Fee.Refund? {
        if let basis = draft.text("none") {
            for key in ["by", "within"] where draft[key] != nil {
                log.error(
                    .v20, at: draft[key], "“none” không đi với “\(key)”.", "“none” does not go with “\(key)”.")
            }
            return Fee.Refund.none(basis: basis)
        }
        guard draft["by"] != nil, draft["within"] != nil else {
            log.error(
                .v20, at: draft, "Hoàn trả cần “by” và “within”, hoặc “none” với căn cứ.",
                "A refund needs “by” and “within”, or “none” with its basis.")
            return nil
        }
        guard let performer = performer(draft["by"]), let within = limit(draft["within"]) else { return nil }
        return .paidBack(role: performer.role, at: performer.at, within: within)
    }
}

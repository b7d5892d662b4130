import Notices
import PublicFeed
import WorkingTime

extension FeedChannel {
    /// Where the stream is on the site: `/nguon-tin/48`, `/nguon-tin/48/co-quan/…`, `/nguon-tin/48/thu-tuc/…`.
    var folder: String {
        switch kind {
        case .province: "/nguon-tin/\(province)"
        case .agency(let agency): "/nguon-tin/\(province)/co-quan/\(TypedText.encode(agency))"
        case .procedure(let key): "/nguon-tin/\(province)/thu-tuc/\(TypedText.encode(key))"
        }
    }

    /// The stream's part of its tag.
    fileprivate var tag: String {
        switch kind {
        case .province: "province/\(province)"
        case .agency(let agency): "agency/\(province)/\(TypedText.encode(agency))"
        case .procedure(let key): "procedure/\(province)/\(TypedText.encode(key))"
        }
    }
}

extension ChannelStanding {
    /// What to call the stream.
    var title: LocalText {
        switch channel.kind {
        case .province:
            LocalText(
                vi: "Mức độ hoàn thành hồ sơ – \(PlaceNames.province(channel.province).vi)",
                en: "Completion of dossiers, \(PlaceNames.province(channel.province).text(in: .en))")
        case .agency(let agency):
            LocalText(
                vi: "Mức độ hoàn thành hồ sơ, cơ quan: \(name?.vi ?? agency)",
                en: "Completion of dossiers, agency: \(name?.text(in: .en) ?? agency)")
        case .procedure(let key):
            LocalText(
                vi: "Mức độ hoàn thành hồ sơ, thủ tục: \(name?.vi ?? key)",
                en: "Completion of dossiers, procedure: \(name?.text(in: .en) ?? key)")
        }
    }
}

extension FeedDocument {
    /// A public stream: legal codes and degree of completion, no more (TT 01/2018 art. 16.2.d).
    init(_ document: ChannelDocument, _ language: Language) {
        let channel = document.standing.channel
        let folder = channel.folder
        func page(_ number: Int64) -> String { "\(folder)/trang/\(number)" }
        self.init(
            id: FeedDocument.tag + channel.tag, title: document.standing.title.text(in: language),
            subtitle: LocalText(
                vi: "Số hồ sơ và mức độ hoàn thành, công khai theo điểm d khoản 2 Điều 16 Thông tư 01/2018/TT-VPCP.",
                en: "Dossier numbers and degree of completion, public under article 16.2.d of Circular 01/2018/TT-VPCP."
            ).text(in: language), language: language,
            updated: document.entries.map(\.toldAt).max() ?? document.standing.toldAt,
            page: "/nguon-tin/\(channel.province)", folder: document.page.map(page) ?? folder, current: folder,
            older: document.older.map(page), newer: document.newer.map(page), isArchive: document.page != nil,
            isComplete: document.page == nil && document.older == nil,
            entries: document.entries.map { FeedEntry($0, language) })
    }
}

extension FeedEntry {
    fileprivate init(_ entry: CompletionEntry, _ language: Language) {
        let status = entry.status.name.text(in: language)
        let stage = entry.stage.tag.text(in: language)
        // Some stages are called as their status is: once is enough.
        let standing = stage == status ? status : "\(status) (\(stage))"
        self.init(
            id: "\(FeedDocument.tag)completion/\(entry.province)/\(entry.n)",
            title: "\(entry.legalCode.text): \(status)",
            lines: [
                LocalText(
                    vi: "Hồ sơ \(entry.legalCode.text): \(standing).",
                    en: "Dossier \(entry.legalCode.text): \(standing)."
                ).text(in: language)
            ], published: entry.at, updated: entry.toldAt, page: "/ho-so/\(entry.legalCode.text)", stage: entry.stage)
    }
}

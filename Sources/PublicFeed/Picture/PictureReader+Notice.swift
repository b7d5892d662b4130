import Notices

extension DossierPicture {
    /// The notices of a stored picture as they were before they became one, the newest first.
    struct Contents {
        /// Of the newest notice.
        let leaf: Int64
        let notices: [Notice]
    }

    /// Reads a picture for who shows it, without the steps between.
    /// - Parameters:
    ///   - dossier: whose row it stands in.
    ///   - root: the root that the row names; notices that name another are left out.
    ///   - number: the row's highest number.
    ///   - taken: how many notices the row says were taken.
    /// - Returns: nil when it is not what that row's notices say, as far as can be told: then those have to be read.
    static func contents(
        _ bytes: [UInt8], dossier: String, root: String, number: Int32, taken: Int32
    ) -> Contents? {
        bytes.withUnsafeBytes { bytes in
            guard let reader = PictureReader(bytes), reader.taken == taken else { return nil }
            return contents(reader, dossier: dossier, root: root, number: number)
        }
    }

    fileprivate static func contents(
        _ reader: PictureReader, dossier: String, root: String, number: Int32
    ) -> Contents? {
        var reader = reader
        var texts = UnitTexts(reader, dossier: dossier, root: root)
        var notices: [Notice] = []
        notices.reserveCapacity(reader.left)
        while reader.left > 0 {
            guard reader.advance(), let notice = texts.notice(reader) else { return nil }
            notices.append(notice)
        }
        // The leaf is the last one's: of one that is not shown it says nothing.
        if let newest = notices.last, newest.root != root { return nil }
        notices.removeAll { $0.root != root || Int64($0.number) <= Int64(number) - depth }
        notices.reverse()
        return Contents(leaf: reader.leaf, notices: notices)
    }
}

extension CompactPicture {
    /// Reads it as ``DossierPicture/contents(_:dossier:root:number:taken:)`` reads the stored one.
    func contents(dossier: String, root: String, number: Int32) -> DossierPicture.Contents? {
        bytes.withUnsafeBytes { bytes in
            PictureReader(bytes, sharing: shared).flatMap {
                DossierPicture.contents($0, dossier: dossier, root: root, number: number)
            }
        }
    }
}

/// The texts of one picture, each made once.
private struct UnitTexts {
    private let dossier: String
    private let root: String
    private var subject: (unit: Int, value: Notice.Subject)?
    private var holder: (unit: Int, value: Notice.Holder)?
    private var legalCode: (unit: Int, value: String)?

    init(_ reader: PictureReader, dossier: String, root: String) {
        self.dossier = dossier
        self.root = root
    }

    /// The notice that was read last; nil when it is none.
    mutating func notice(_ reader: PictureReader) -> Notice? {
        guard let status = NationalStatus(rawValue: Int(reader.value(.status))),
            let province = Int16(exactly: reader.value(.province)),
            let at = PictureEntry.instant(reader.value(.at)),
            let submitted = PictureEntry.instant(reader.value(.submitted)),
            let subjectUnit = reader.unit(.procedure), let subject = self.subject(subjectUnit, reader)
        else { return nil }
        let stage = Int(reader.value(.stage))
        guard PictureEntry.stages.indices.contains(stage) else { return nil }
        guard let part = local(.part, reader), let sentence = local(.sentence, reader),
            let actionText = local(.action, reader), let holder = self.holder(reader)
        else { return nil }
        let action = actionText.map {
            Notice.RequiredAction(text: $0, until: PictureEntry.instant(reader.value(.actionUntil)))
        }
        return Notice(
            province: province, dossier: dossier, number: Int(reader.value(.number)), root: root(reader),
            parent: text(.parent, reader), part: part, at: at, subject: subject, channel: Int(reader.value(.channel)),
            legalCode: legalCode(reader), status: status, stage: PictureEntry.stages[stage],
            milestone: text(.milestone, reader), sentence: sentence, holder: holder, action: action,
            submitted: submitted, accepted: PictureEntry.instant(reader.value(.accepted)),
            promised: PictureEntry.instant(reader.value(.promised)),
            firstPromised: PictureEntry.instant(reader.value(.firstPromised)),
            promiseCause: text(.promiseCause, reader), paused: reader.value(.paused) != 0,
            pausedDays: Int(reader.value(.pausedDays)), finished: PictureEntry.instant(reader.value(.finished)),
            result: text(.result, reader))
    }

    private mutating func subject(_ unit: Int, _ reader: PictureReader) -> Notice.Subject? {
        if let subject, subject.unit == unit { return subject.value }
        let value: Notice.Subject?
        switch reader.shared(unit: unit) {
        case .subject(let shared): value = shared
        case nil: value = reader.bytes(ofUnit: unit).flatMap { PictureTexts.shared.subject($0) }
        default: value = nil
        }
        guard let value else { return nil }
        subject = (unit, value)
        return value
    }

    /// Nil when it does not read.
    private mutating func holder(_ reader: PictureReader) -> Notice.Holder?? {
        guard let unit = reader.unit(.holder) else { return .some(nil) }
        if let holder, holder.unit == unit { return holder.value }
        let value: Notice.Holder?
        switch reader.shared(unit: unit) {
        case .holder(let shared): value = shared
        case nil: value = reader.bytes(ofUnit: unit).flatMap { PictureTexts.shared.holder($0) }
        default: value = nil
        }
        guard let value else { return nil }
        holder = (unit, value)
        return value
    }

    private mutating func legalCode(_ reader: PictureReader) -> String? {
        guard let unit = reader.unit(.legalCode) else { return nil }
        if let legalCode, legalCode.unit == unit { return legalCode.value }
        guard let value = text(.legalCode, reader) else { return nil }
        legalCode = (unit, value)
        return value
    }

    private func root(_ reader: PictureReader) -> String {
        guard let unit = reader.unit(.root) else { return dossier }
        if let bytes = reader.bytes(ofUnit: unit), bytes.elementsEqual(root.utf8) { return root }
        return text(.root, reader) ?? dossier
    }

    private func text(_ unit: PictureEntry.Unit, _ reader: PictureReader) -> String? {
        guard let index = reader.unit(unit) else { return nil }
        if case .text(let shared) = reader.shared(unit: index) { return shared }
        return reader.bytes(ofUnit: index).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Nil when it does not read.
    private func local(_ unit: PictureEntry.Unit, _ reader: PictureReader) -> LocalText?? {
        guard let index = reader.unit(unit) else { return .some(nil) }
        switch reader.shared(unit: index) {
        case .local(let shared): return shared
        case nil: break
        default: return nil
        }
        guard let bytes = reader.bytes(ofUnit: index) else { return nil }
        var cursor = PictureCursor(bytes)
        guard let text = cursor.local(), cursor.isAtEnd else { return nil }
        return text
    }
}

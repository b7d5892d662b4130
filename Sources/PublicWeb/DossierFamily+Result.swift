import Notices
import PublicFeed

extension DossierFamily {
    /// How a dossier of the family ended, in the notices' words; nil while it runs.
    ///
    /// A procedure file's end may say `issued` of a whole of which a part was refused: then it was granted in part, and
    /// page, JSON and feed say so with the word for it, `partial`.
    func result(of notice: Notice) -> String? {
        guard notice.result == "issued", !parts.isEmpty else { return notice.result }
        // All that the code shows is below the dossier that it belongs to.
        let isWhole = notice.dossier == dossier.newest.dossier
        let isPartial = parts.contains {
            (isWhole || $0.newest.parent == notice.dossier) && StatusPage.isRefused($0.newest)
        }
        return isPartial ? "partial" : "issued"
    }
}

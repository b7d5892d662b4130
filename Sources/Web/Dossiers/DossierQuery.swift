import Dossiers
import Edge
import Engine
import JSONText
import Notices
import Store

/// Which dossiers a list asks for.
struct DossierQuery: Sendable {
    let lookFor: LookFor

    enum LookFor: Sendable {
        case page(DossierFilter)
        /// What changed since a number of the sequencer.
        case changed(since: Int64, limit: Int)
        case lookUp(LookUpCode)
        case code(String)
    }

    /// Reads the query's parameters.
    /// - Throws: ``Problem`` 400 with every fault, 403 if the client acts for no agency.
    static func read(_ asked: APIRequest) throws(Problem) -> DossierQuery {
        let agency = try asked.agency()
        return try QueryFields.read(asked.request) { query in
            let lookUp = Self.lookUp(query)
            let code = query.name("code")
            let since = query.integer("updated-since", in: QueryFields.numbers)
            let status = query.integer("status", in: 1...10)
            let filter = DossierFilter(
                province: asked.caller.province, agency: agency, isCentre: query.flag("centre"),
                procedure: query.name("procedure"), status: status.flatMap(NationalStatus.init(rawValue:)),
                phase: query.choice("phase", of: ["running", "stopping", "ended"]),
                place: Self.place(query, asked), limit: query.limit())
            if let lookUp { return DossierQuery(lookFor: .lookUp(lookUp)) }
            if let code { return DossierQuery(lookFor: .code(code)) }
            if let since { return DossierQuery(lookFor: .changed(since: since, limit: filter.limit)) }
            return DossierQuery(lookFor: .page(filter))
        }
    }

    private static func place(_ query: QueryFields, _ asked: APIRequest) -> PagePlace<DossierID> {
        query.place(PageCursor(engine: asked.engine, list: "dossiers", caller: asked.caller)) { DossierID($0) }
    }

    private static func lookUp(_ query: QueryFields) -> LookUpCode? {
        guard let text = query.text("look-up") else { return nil }
        do throws(LookUpCode.Flaw) { return try LookUpCode(typed: text) } catch {
            switch error {
            case .shape:
                query.refuse(
                    "look-up", "invalid", vi: "Mã tra cứu có 12 ký tự, ví dụ dạng XXXX-XXXX-XXXX.",
                    en: "A look-up code has twelve symbols, as XXXX-XXXX-XXXX.")
            case .check:
                query.refuse(
                    "look-up", "wrong-symbol", vi: "Có ký tự sai trong mã tra cứu; hãy xem lại từng ký tự.",
                    en: "A symbol of the look-up code is wrong; compare them one by one.")
            }
            return nil
        }
    }
}

extension QueryFields {
    /// The page that the query asks for. A cursor that was not made here, for this list and this client, is noted.
    func place<Key>(_ cursor: PageCursor, _ key: (String) -> Key?) -> PagePlace<Key> {
        if let place = cursor.place(text("cursor"), key) { return place }
        refuse(
            "cursor", "invalid", vi: "Con trỏ trang không hợp lệ; hãy đọc lại từ trang đầu.",
            en: "The cursor is not valid; begin with the first page.")
        return .first
    }
}

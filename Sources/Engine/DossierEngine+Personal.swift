package import Dossiers
package import JSONText
import Procedures
import Store
import Vault
import WorkingTime

/// Who reads personal values, and what for: it stands in the record of accesses.
package struct Reader: Hashable, Sendable {
    package var client: String
    package var officer: String?
    /// In the file's or the API's words, as `form` or `document`.
    package var purpose: String

    /// Joins the parts.
    package init(client: String, officer: String?, purpose: String) {
        self.client = client
        self.officer = officer
        self.purpose = purpose
    }
}

extension DossierEngine {
    /// A dossier's form in plain text. The reading is recorded before the text leaves (R2).
    /// - Returns: nil where there is no form (any more).
    package func form(of dossier: DossierRef, reader: Reader) async throws -> JSONValue? {
        guard let bytes = try await opened(dossier, section: DossierEngine.formSection, reader) else { return nil }
        return try JSONValue.parse(bytes, limits: .request)
    }

    /// What was said and sealed under a section; nil where there is nothing (any more).
    package func said(of dossier: DossierRef, section: String, reader: Reader) async throws -> String? {
        try await opened(dossier, section: section, reader).map { String(decoding: $0, as: UTF8.self) }
    }

    private func opened(_ dossier: DossierRef, section: String, _ reader: Reader) async throws -> [UInt8]? {
        guard let plaintext = try await plaintext(dossier, section) else { return nil }
        try await store.recordAccess(
            province: dossier.province, at: clock.now(), client: reader.client, officer: reader.officer,
            dossiers: [dossier.id], sections: [section], purpose: reader.purpose)
        return plaintext
    }

    /// Opens a section without a record: only for the engine's own handing-on from dossier to dossier.
    private func plaintext(_ dossier: DossierRef, _ section: String) async throws -> [UInt8]? {
        guard let wrapped = try await store.dataKey(of: dossier.id, province: dossier.province),
            let sealed = try await store.sealed(dossier.id, section: section, province: dossier.province)
        else { return nil }
        let bytes = try vault.open(
            sealed, with: WrappedKey(bytes: wrapped), province: String(dossier.province),
            dossier: dossier.id.description, section: section)
        return Sealing.opened(bytes)
    }

    /// The form of a linked dossier: the fields that its own procedure asks for, from its parent's form, under its own key.
    func inheritedForm(
        _ message: Message, _ start: Message.Start, at: Instant
    ) async throws -> ([SealedRow], DataKeyRow?) {
        guard let procedure = catalogue.procedure(named: start.procedure, version: start.version),
            let bytes = try await plaintext(message.from, DossierEngine.formSection)
        else { return ([], nil) }
        let form = procedure.inherited(from: try JSONValue.parse(bytes, limits: .request))
        let target = message.to
        let key = try vault.newDataKey(province: String(target.province), dossier: target.id.description)
        var sealing = Sealing(vault: vault, target: target, key: key, at: at)
        _ = try sealing.seal(form.canonicalBytes, section: DossierEngine.formSection)
        return (sealing.rows, DataKeyRow(dossier: target.id, wrapped: key.wrapped.bytes))
    }
}

extension Procedure {
    /// The members of a parent's form that this procedure's form has too.
    func inherited(from parent: JSONValue) -> JSONValue {
        var result = JSONObject()
        for field in form {
            let path = field.name.split(separator: ".").map(String.init)
            guard let value = Procedure.value(path[...], in: parent) else { continue }
            result = Procedure.setting(value, path[...], in: result)
        }
        return .object(result)
    }

    private static func value(_ path: ArraySlice<String>, in tree: JSONValue) -> JSONValue? {
        guard let first = path.first else { return tree }
        guard case .object(let object) = tree, let inner = object[first] else { return nil }
        return value(path.dropFirst(), in: inner)
    }

    private static func setting(_ value: JSONValue, _ path: ArraySlice<String>, in object: JSONObject) -> JSONObject {
        guard let first = path.first else { return object }
        var result = object
        if path.count == 1 {
            result[first] = value
        } else if case .object(let inner) = object[first] {
            result[first] = .object(setting(value, path.dropFirst(), in: inner))
        } else {
            result[first] = .object(setting(value, path.dropFirst(), in: JSONObject()))
        }
        return result
    }
}

internal import Crypto
import JSONText
package import Notices
package import WorkingTime

/// The messages of the national public service portal that a notice becomes: `DongBoHoSoMC` (the whole dossier) and
/// `CapNhatTienDoHoSoMC` (one step), by the Government Office's guide v1.4 as public systems use it. Pure.
///
/// Only what notices hold: what is personal or unknown here is left out, or empty where the portal asks for the field.
/// `docs/portal.md` has the mapping, field by field, with what nobody has verified.
package struct PortalMessage: Sendable, Hashable {
    /// The number that was printed: `MaHoSo`.
    package let dossierCode: String
    /// The whole dossier.
    let record: JSONObject
    /// The step, when the notice told one; nil when only dates, the code or the status changed.
    let step: JSONObject?

    /// A procedure's field in the portal's own catalogue.
    package struct Field: Sendable, Hashable {
        package let code: String
        package let name: String

        /// Joins both.
        package init(code: String, name: String) {
            self.code = code
            self.name = name
        }
    }

    /// What is sent of a notice; nil for a dossier without a legal code, or a procedure without a national code.
    /// - Parameter field: what the portal calls the procedure's field; nil leaves it empty.
    package init?(_ notice: Notice, field: Field?) {
        guard let code = notice.legalCode, let procedure = notice.procedureCode else { return nil }
        dossierCode = code
        let desk = notice.holder?.name.vi ?? ""
        var record: JSONObject = [
            "MaHoSo": .string(code), "MaTTHC": .string(procedure), "TenTTHC": .string(notice.procedureTitle.vi),
            "MaLinhVuc": .string(field?.code ?? ""), "TenLinhVuc": .string(field?.name ?? ""),
            "LoaiDoiTuong": "1", "Email": "", "SoDienThoai": "",
            "TrichYeuHoSo": .string(notice.procedureTitle.vi),
            "NgayTiepNhan": .string(PortalMessage.time(notice.accepted ?? notice.submitted)),
            "NgayHenTra": .string((notice.promised ?? notice.firstPromised).map(PortalMessage.time) ?? ""),
            "TrangThaiHoSo": .string(String(notice.status.rawValue)), "HinhThuc": "0", "DonViXuLy": .string(desk),
        ]
        if let finished = notice.finished { record["NgayKetThucXuLy"] = .string(PortalMessage.time(finished)) }
        if notice.status == .returned { record["NgayTra"] = .string(PortalMessage.time(notice.at)) }
        self.record = record
        step = notice.sentence.map { sentence in
            var step: JSONObject = [
                "MaHoSo": .string(code), "NguoiXuLy": .string(desk),
                "ThoiDiemXuLy": .string(PortalMessage.time(notice.at)), "PhongBanXuLy": .string(desk),
                "NoiDungXuLy": .string(sentence.vi), "TrangThai": .string(String(notice.status.rawValue)),
            ]
            if let promised = notice.promised {
                step["NgayKetThucTheoQuyDinh"] = .string(PortalMessage.time(promised))
            }
            return step
        }
    }

    /// sha256 of the record, to see whether the portal has it as it is.
    var fingerprint: [UInt8] { Array(SHA256.hash(data: JSONValue.object(record).canonicalBytes)) }

    /// `yyyyMMddHHmmss` in Viet Nam's time.
    package static func time(_ instant: Instant) -> String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        let (year, month, day) = instant.date.parts
        let time = instant.timeOfDay
        return padded(year, 4) + padded(month, 2) + padded(day, 2)
            + padded(time.hour, 2) + padded(time.minute, 2) + padded(time.second, 2)
    }
}

extension PortalMessage {
    /// What the portal has of a dossier otherwise than it should be, in English; nil when nothing differs.
    /// - Parameter found: the answer of `TraCuuHoSo`; nil when the portal does not have the dossier.
    func difference(from found: JSONObject?) -> String? {
        guard let found else { return "the portal does not have it" }
        var differences: [String] = []
        for key in ["TrangThaiHoSo", "NgayHenTra", "NgayKetThucXuLy"] {
            // What the portal does not tell cannot be compared.
            guard let there = found[key]?.portalText, let here = record[key]?.stringValue, there != here else {
                continue
            }
            differences.append("\(key) is “\(there.prefix(40))” there and “\(here)” here")
        }
        return differences.isEmpty ? nil : differences.joined(separator: "; ")
    }
}

extension JSONValue {
    /// A text or a number as text: the portal writes both.
    var portalText: String? { stringValue ?? integerValue.map { String($0) } }
}

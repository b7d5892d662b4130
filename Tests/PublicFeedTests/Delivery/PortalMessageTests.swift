import JSONText
import Notices
import Testing
import WorkingTime

@testable import PublicFeed

/// What a notice becomes at the national portal.
struct PortalMessageTests {
    private var notice: Notice {
        get throws {
            var notice = Some.told(7, 3, .processing)
            notice.at = try #require(Instant(iso8601: "2026-08-24T08:05:09"))
            notice.accepted = Instant(iso8601: "2026-08-24T07:30:00")
            notice.promised = Instant(iso8601: "2026-08-27T17:00:00")
            notice.sentence = LocalText(vi: "UBND phường đang xử lý hồ sơ của bạn.", en: "The ward is working on it.")
            return notice
        }
    }

    @Test func `the whole dossier has the fields of DongBoHoSoMC and no more`() throws {
        let message = try #require(
            PortalMessage(try notice, field: .init(code: "G15-HT02", name: "Hộ tịch")))
        #expect(
            message.record == [
                "MaHoSo": "000.00.01.H17-260824-0007", "MaTTHC": "1.001193", "TenTTHC": "Đăng ký khai sinh",
                "MaLinhVuc": "G15-HT02", "TenLinhVuc": "Hộ tịch", "LoaiDoiTuong": "1", "Email": "",
                "SoDienThoai": "", "TrichYeuHoSo": "Đăng ký khai sinh", "NgayTiepNhan": "20260824073000",
                "NgayHenTra": "20260827170000", "TrangThaiHoSo": "4", "HinhThuc": "0",
                "DonViXuLy": "UBND phường Hải Châu",
            ])
    }

    @Test func `a step has the fields of CapNhatTienDoHoSoMC and names a desk, never an officer`() throws {
        let message = try #require(PortalMessage(try notice, field: nil))
        #expect(
            message.step == [
                "MaHoSo": "000.00.01.H17-260824-0007", "NguoiXuLy": "UBND phường Hải Châu",
                "ThoiDiemXuLy": "20260824080509", "PhongBanXuLy": "UBND phường Hải Châu",
                "NoiDungXuLy": "UBND phường đang xử lý hồ sơ của bạn.", "TrangThai": "4",
                "NgayKetThucTheoQuyDinh": "20260827170000",
            ])
    }

    @Test func `a returned dossier says when it ended and when the result was handed over`() throws {
        var notice = try notice
        notice.status = .returned
        notice.stage = .returned
        notice.promised = nil
        notice.firstPromised = Instant(iso8601: "2026-08-27T17:00:00")
        notice.finished = Instant(iso8601: "2026-08-26T10:00:00")
        notice.at = try #require(Instant(iso8601: "2026-08-26T23:59:59"))
        let record = try #require(PortalMessage(notice, field: nil)).record
        #expect(record["NgayKetThucXuLy"] == "20260826100000")
        #expect(record["NgayTra"] == "20260826235959")
        #expect(record["NgayHenTra"] == "20260827170000")
        #expect(record["TrangThaiHoSo"] == "10")
    }

    @Test func `when only dates change there is no step`() throws {
        var notice = try notice
        notice.sentence = nil
        #expect(try #require(PortalMessage(notice, field: nil)).step == nil)
    }

    @Test func `without a legal code or a national procedure code there is nothing to send`() throws {
        var notice = try notice
        notice.procedureCode = nil
        #expect(PortalMessage(notice, field: nil) == nil)
        notice.procedureCode = "1.001193"
        notice.legalCode = nil
        #expect(PortalMessage(notice, field: nil) == nil)
    }

    @Test(arguments: [
        ("2026-01-01T00:00:00+07:00", "20260101000000"), ("2025-12-31T23:59:59Z", "20260101065959"),
        ("0001-01-02T03:04:05", "00010102030405"), ("9999-12-31T23:59:59.999999", "99991231235959"),
    ])
    func `dates are written in Viet Nam's time`(instant: String, text: String) throws {
        #expect(PortalMessage.time(try #require(Instant(iso8601: instant))) == text)
    }

    @Test func `what differs is named, what is not told is not compared`() throws {
        let message = try #require(PortalMessage(try notice, field: nil))
        #expect(message.difference(from: nil) == "the portal does not have it")
        #expect(message.difference(from: message.record) == nil)
        #expect(message.difference(from: ["MaHoSo": "x"]) == nil)
        #expect(message.difference(from: ["TrangThaiHoSo": 4]) == nil)
        #expect(
            message.difference(from: ["TrangThaiHoSo": 9, "NgayHenTra": "20260828170000"])
                == "TrangThaiHoSo is “9” there and “4” here; "
                + "NgayHenTra is “20260828170000” there and “20260827170000” here")
    }

    @Test func `settings read back as written`() throws {
        var settings = PortalSettings(unit: "000.00.00.H17", username: "dn")
        #expect(PortalSettings(decoding: settings.encoded) == settings)
        settings.loginURL = "https://a.example.vn/login"
        settings.destination = "VN"
        settings.trustFile = "/etc/ca.pem"
        #expect(PortalSettings(decoding: settings.encoded) == settings)
        #expect(PortalSettings(decoding: Array("{}".utf8)) == nil)
        #expect(PortalSettings(decoding: []) == nil)
    }
}

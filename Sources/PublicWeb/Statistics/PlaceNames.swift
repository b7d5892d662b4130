import Notices

/// What notices do not name: provinces by number and fields by key.
enum PlaceNames {
    /// The 34 provinces and cities since 1 July 2025, by the code of QĐ 19/2025/QĐ-TTg.
    private static let provinces: [Int16: String] = [
        1: "Thành phố Hà Nội", 4: "Tỉnh Cao Bằng", 8: "Tỉnh Tuyên Quang", 11: "Tỉnh Điện Biên", 12: "Tỉnh Lai Châu",
        14: "Tỉnh Sơn La", 15: "Tỉnh Lào Cai", 19: "Tỉnh Thái Nguyên", 20: "Tỉnh Lạng Sơn", 22: "Tỉnh Quảng Ninh",
        24: "Tỉnh Bắc Ninh", 25: "Tỉnh Phú Thọ", 31: "Thành phố Hải Phòng", 33: "Tỉnh Hưng Yên", 37: "Tỉnh Ninh Bình",
        38: "Tỉnh Thanh Hóa", 40: "Tỉnh Nghệ An", 42: "Tỉnh Hà Tĩnh", 44: "Tỉnh Quảng Trị",
        46: "Thành phố Huế", 48: "Thành phố Đà Nẵng", 51: "Tỉnh Quảng Ngãi", 52: "Tỉnh Gia Lai", 56: "Tỉnh Khánh Hòa",
        66: "Tỉnh Đắk Lắk", 68: "Tỉnh Lâm Đồng", 75: "Tỉnh Đồng Nai", 79: "Thành phố Hồ Chí Minh", 80: "Tỉnh Tây Ninh",
        82: "Tỉnh Đồng Tháp", 86: "Tỉnh Vĩnh Long", 91: "Tỉnh An Giang", 92: "Thành phố Cần Thơ", 96: "Tỉnh Cà Mau",
    ]

    /// The keys of fields that procedure files use.
    private static let fields: [String: LocalText] = [
        "ho-tich": LocalText(vi: "Hộ tịch", en: "Civil status"),
        "cu-tru": LocalText(vi: "Đăng ký, quản lý cư trú", en: "Residence"),
        "bao-hiem": LocalText(vi: "Bảo hiểm y tế, bảo hiểm xã hội", en: "Health and social insurance"),
        "can-cuoc": LocalText(vi: "Cấp, quản lý căn cước", en: "Identity cards"),
        "chung-thuc": LocalText(vi: "Chứng thực", en: "Authentication"),
        "dat-dai": LocalText(vi: "Đất đai", en: "Land"),
        "ho-kinh-doanh": LocalText(vi: "Thành lập và hoạt động của hộ kinh doanh", en: "Household businesses"),
        "bao-tro-xa-hoi": LocalText(vi: "Bảo trợ xã hội", en: "Social protection"),
    ]

    /// The province's name, the number alone where there is none of it.
    static func province(_ number: Int16) -> LocalText {
        guard let name = provinces[number] else {
            return LocalText(vi: "Tỉnh, thành phố số \(number)", en: "Province \(number)")
        }
        return LocalText(vi: name, en: name.replacingPrefix("Thành phố ", with: "").replacingPrefix("Tỉnh ", with: ""))
    }

    /// The field's name; its key where it has none here.
    static func field(_ key: String) -> LocalText {
        key.isEmpty ? LocalText(vi: "Chưa rõ lĩnh vực", en: "Unknown field") : fields[key] ?? LocalText(vi: key)
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}

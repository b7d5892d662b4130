/// Words from which invented people, places and papers are made. No entry is a person.
enum SampleNames {
    /// Surnames, the frequent ones more often.
    static let surnames: [(String, Int)] = [
        ("Nguyễn", 32), ("Trần", 11), ("Lê", 9), ("Phạm", 7), ("Huỳnh", 4), ("Hoàng", 4), ("Phan", 4), ("Võ", 4),
        ("Vũ", 3), ("Đặng", 3), ("Bùi", 2), ("Đỗ", 2), ("Hồ", 2), ("Ngô", 2), ("Dương", 2), ("Lý", 1), ("Trương", 2),
        ("Đinh", 1), ("Đoàn", 1), ("Lương", 1), ("Mai", 1), ("Trịnh", 1), ("Cao", 1), ("Tạ", 1), ("Thái", 1),
        ("Châu", 1), ("Tôn Thất", 1), ("Ông", 1), ("Hà", 1),
    ]

    static let womensMiddles: [(String, Int)] = [
        ("Thị", 8), ("Thị Thanh", 2), ("Thị Ngọc", 2), ("Ngọc", 4), ("Thanh", 3), ("Thùy", 3), ("Minh", 2),
        ("Phương", 3), ("Bảo", 2), ("Khánh", 2), ("Hoài", 1), ("Kim", 2), ("Mỹ", 2), ("Diệu", 1), ("Thu", 2),
        ("Gia", 1), ("Tuệ", 1),
    ]

    static let mensMiddles: [(String, Int)] = [
        ("Văn", 6), ("Minh", 4), ("Đức", 3), ("Quang", 3), ("Hữu", 3), ("Gia", 3), ("Quốc", 3), ("Thành", 2),
        ("Anh", 2), ("Hoàng", 2), ("Ngọc", 2), ("Đình", 2), ("Xuân", 1), ("Tuấn", 2), ("Bảo", 2), ("Công", 1),
        ("Trọng", 1),
    ]

    static let womensNames = [
        "An", "Anh", "Châu", "Chi", "Diệp", "Dung", "Giang", "Hà", "Hân", "Hạnh", "Hiền", "Hoa", "Hương", "Khuê",
        "Lan", "Linh", "Ly", "Mai", "My", "Nga", "Ngân", "Ngọc", "Nhi", "Nhung", "Oanh", "Phương", "Quyên", "Quỳnh",
        "Sương", "Tâm", "Thảo", "Thư", "Thủy", "Trâm", "Trang", "Trinh", "Tú", "Uyên", "Vân", "Vy", "Xuân", "Yến",
    ]

    static let mensNames = [
        "An", "Anh", "Bách", "Bảo", "Bình", "Công", "Cường", "Duy", "Dũng", "Đạt", "Đăng", "Hải", "Hiếu", "Hòa",
        "Hoàng", "Huy", "Hưng", "Khang", "Khoa", "Khôi", "Kiên", "Lâm", "Long", "Lộc", "Minh", "Nam", "Nghĩa", "Nguyên",
        "Nhân", "Nhật", "Phát", "Phong", "Phúc", "Quân", "Quang", "Sơn", "Tài", "Thắng", "Thiện", "Thịnh", "Trí",
        "Trung", "Tuấn", "Tùng", "Vinh", "Vũ",
    ]

    static let streets = [
        "Trần Phú", "Lê Lợi", "Quang Trung", "Hùng Vương", "Nguyễn Huệ", "Phan Chu Trinh", "Trưng Nữ Vương",
        "Hoàng Diệu", "Nguyễn Văn Linh", "Điện Biên Phủ", "Lê Duẩn", "Phan Đình Phùng", "Ngô Quyền", "Võ Thị Sáu",
        "Nguyễn Trãi", "Lý Thường Kiệt", "Trần Hưng Đạo", "Bà Triệu", "Nguyễn Du", "Tôn Đức Thắng", "Hai Bà Trưng",
        "Phạm Văn Đồng", "Nguyễn Tri Phương", "Lê Thánh Tôn",
    ]

    /// Digits that open an identity number: where the birth was registered (the list in force until 2025).
    static let registries: [(String, Int)] = [
        ("048", 10), ("049", 10), ("046", 6), ("051", 4), ("045", 3), ("044", 2), ("040", 3), ("042", 2), ("052", 2),
        ("001", 2), ("031", 1), ("079", 3), ("064", 1), ("068", 2),
    ]

    /// Openings of mobile numbers of ten digits.
    static let mobiles = [
        "032", "033", "034", "035", "036", "037", "038", "039", "070", "076", "077", "078", "079", "081", "082", "083",
        "084", "085", "056", "058", "086", "088", "089", "090", "091", "093", "094", "096", "097", "098",
    ]

    /// The Kinh, and peoples who live in the middle of the country.
    static let peoples: [(String, Int)] = [
        ("Kinh", 92), ("Cơ Tu", 2), ("Xơ Đăng", 1), ("Giẻ Triêng", 1), ("Hoa", 1), ("Co", 1), ("Tày", 1), ("Mường", 1),
    ]

    /// Invented hospitals: `Bệnh viện …, {province}`.
    static let hospitals = ["Hoa Phượng", "Sản – Nhi Hoa Sen", "Đa khoa Bình Minh"]
}

/// Writes a ZIP archive whose files are stored, not compressed (APPNOTE.TXT 6.3.3): what a small workbook needs.
///
/// The same files give the same bytes: every date is 1 January 1980, the earliest that the format has.
struct ZipWriter {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count: UInt16 = 0

    /// 1 January 1980 as MS-DOS writes a date.
    private static let date: UInt16 = 0x0021
    /// Bit 11: names are UTF-8.
    private static let flags: UInt16 = 0x0800

    /// Adds a file; the archive may have 65,535 of 4 GB, of which a report is far.
    mutating func file(_ name: String, _ content: [UInt8]) {
        let offset = UInt32(clamping: bytes.count)
        let size = UInt32(clamping: content.count)
        var header: [UInt8] = []
        ZipWriter.put(UInt16(20), &header)
        ZipWriter.put(ZipWriter.flags, &header)
        ZipWriter.put(UInt16(0), &header)
        ZipWriter.put(UInt16(0), &header)
        ZipWriter.put(ZipWriter.date, &header)
        ZipWriter.put(ZipWriter.crc32(content), &header)
        ZipWriter.put(size, &header)
        ZipWriter.put(size, &header)
        ZipWriter.put(UInt16(clamping: name.utf8.count), &header)
        ZipWriter.put(UInt16(0), &header)
        ZipWriter.put(UInt32(0x0403_4B50), &bytes)
        bytes += header
        bytes += name.utf8
        bytes += content
        ZipWriter.put(UInt32(0x0201_4B50), &directory)
        ZipWriter.put(UInt16(20), &directory)
        directory += header
        // No comment, the first disk, no attributes.
        for _ in 0..<3 { ZipWriter.put(UInt16(0), &directory) }
        ZipWriter.put(UInt32(0), &directory)
        ZipWriter.put(offset, &directory)
        directory += name.utf8
        count &+= 1
    }

    /// The whole archive.
    func finished() -> [UInt8] {
        var whole = bytes + directory
        ZipWriter.put(UInt32(0x0605_4B50), &whole)
        ZipWriter.put(UInt16(0), &whole)
        ZipWriter.put(UInt16(0), &whole)
        ZipWriter.put(count, &whole)
        ZipWriter.put(count, &whole)
        ZipWriter.put(UInt32(clamping: directory.count), &whole)
        ZipWriter.put(UInt32(clamping: bytes.count), &whole)
        ZipWriter.put(UInt16(0), &whole)
        return whole
    }

    private static func put(_ number: some FixedWidthInteger & UnsignedInteger, _ bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// CRC-32 of ISO-HDLC, as ZIP has it.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}

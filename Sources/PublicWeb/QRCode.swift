import CLibqrencode
import Notices
import Synchronization

/// A QR code (ISO/IEC 18004) of a text, for a telephone's camera. At most 64 modules a side.
///
/// Error correction level M: a receipt that was folded, or photocopied once, still reads.
struct QRCode: Hashable, Sendable {
    /// Modules a side, 21…57: as many as the longest text needs.
    let side: Int
    /// Row by row, a bit for each module, 1 for dark, the lowest at the left.
    let rows: [UInt64]

    /// The code of a text; nil for an empty one, or one too long to read well from paper.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...QRCode.byteCountMax).contains(bytes.count),
            let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M)
        else { return nil }
        defer { QRcode_free(code) }
        let modules = UnsafeBufferPointer(start: code.pointee.data, count: Int(code.pointee.width * code.pointee.width))
        self.init(side: Int(code.pointee.width)) { modules[$0] & 1 == 1 }
    }

    /// - Parameter isDark: of a module, counted row by row.
    private init(side: Int, _ isDark: (Int) -> Bool) {
        self.side = side
        rows = (0..<side).map { row in
            (0..<side).reduce(0) { $0 | (isDark(row * side + $1) ? 1 << UInt64($1) : 0) }
        }
    }

    fileprivate init(rows: [UInt64]) {
        side = rows.count
        self.rows = rows
    }

    /// Beyond it the modules would be smaller than half a millimetre on the receipt.
    private static let byteCountMax = 200
    /// Modules of white around the code that the standard asks for.
    private static let quiet = 4

    /// Adds the code as a picture of its own colours: one line a run of dark modules.
    func write(label: LocalLabel, to html: inout HTMLWriter) {
        let size = side + 2 * QRCode.quiet
        html.markup("<svg class=\"qr\" role=\"img\" viewBox=\"0 0 ")
        html.number(size)
        html.markup(" ")
        html.number(size)
        html.markup("\" aria-label=\"")
        html.say(label.vi, label.en)
        html.markup("\"><path fill=\"#fff\" d=\"M0 0h")
        html.number(size)
        html.markup("v")
        html.number(size)
        html.markup("H0z\"/><path stroke=\"#000\" shape-rendering=\"crispEdges\" d=\"")
        // A row begins with at most eleven bytes, a run has at most eight, and eight are written at a time.
        html.drawing(byteCount: rows.reduce(8) { $0 + 16 + 8 * QRCode.runCount($1) }) { pen in
            let (gaps, counts) = (QRCode.gaps, QRCode.counts)
            for row in 0..<side { runs(of: row, gaps, counts, with: &pen) }
        }
        html.markup("\"/></svg>")
    }

    /// From the end of a run to the begin of the next, so many modules on; and so many modules of a run.
    private static let gaps = (0...64).map { ShortMark("m\($0) 0h") }
    private static let counts = (0...64).map { ShortMark("\($0)") }

    private static func runCount(_ row: UInt64) -> Int { (row & ~(row << 1)).nonzeroBitCount }

    /// The strokes of a row, each as far from the one before it as they are apart.
    private func runs(of row: Int, _ gaps: [ShortMark], _ counts: [ShortMark], with pen: inout DrawingPen) {
        var end: Int?
        // What is left of the row, dark modules as ones.
        var left = rows[row]
        while left != 0 {
            let start = left.trailingZeroBitCount
            let count = (~(left >> UInt64(start))).trailingZeroBitCount
            if let end {
                pen.put(gaps[start - end] + counts[count])
            } else {
                pen.put("M")
                pen.put(start + QRCode.quiet)
                pen.put(" ")
                pen.put(row + QRCode.quiet)
                pen.put(".5h")
                pen.put(count)
            }
            end = start + count
            left &= start + count < 64 ? UInt64.max << UInt64(start + count) : 0
        }
    }

    /// A sentence of our own in both languages.
    struct LocalLabel: Sendable {
        let vi: StaticString
        let en: StaticString
    }
}

/// The QR codes of addresses that differ in a look-up code alone: each in a microsecond instead of some hundred.
///
/// The error correction of a QR code is linear, so that each bit of the text turns modules of its own, whatever the other
/// bits are. Those of the twelve symbols are found out once. Every code has the mask of the first, not the one of eight
/// that its own modules would suggest: readers are told which, and take any.
final class QRSeries: Sendable {
    private let base: [UInt64]
    /// For each place of a code and each of the seven bits of a symbol: the modules that it turns, row by row.
    private let turned: [UInt64]
    private static let first = LookUpCode.alphabet[0]
    private static let known = Mutex<[PublicAddress: QRSeries]>([:])

    /// The series of the pages of a site; nil when its address is too long for a code.
    static func of(_ address: PublicAddress) -> QRSeries? {
        if let known = known.withLock({ $0[address] }) { return known }
        guard let made = QRSeries(address) else { return nil }
        known.withLock { $0[address] = made }
        return made
    }

    private init?(_ address: PublicAddress) {
        func text(_ symbols: [UInt8]) -> [UInt8] {
            var text = Array(address.url("/ho-so/").utf8)
            for (place, symbol) in symbols.enumerated() {
                if place == 4 || place == 8 { text.append(UInt8(ascii: "-")) }
                text.append(symbol)
            }
            return text
        }
        let symbols = [UInt8](repeating: QRSeries.first, count: LookUpCode.randomCount + 1)
        guard let plain = QRCode.Modules(text(symbols)) else { return nil }
        base = plain.rows
        var turned: [UInt64] = []
        for place in symbols.indices {
            for bit in 0..<7 {
                var changed = symbols
                changed[place] ^= 1 << UInt8(bit)
                guard let other = QRCode.Modules(text(changed)), other.rows.count == base.count else { return nil }
                turned += zip(other.data, plain.data).map { $0 ^ $1 }
            }
        }
        self.turned = turned
    }

    /// The code of the page of a look-up code.
    func code(_ code: LookUpCode) -> QRCode {
        var rows = base
        for (place, symbol) in code.compact.utf8.enumerated() {
            var bits = symbol ^ QRSeries.first
            while bits != 0 {
                let first = (place * 7 + bits.trailingZeroBitCount) * rows.count
                for row in rows.indices { rows[row] ^= turned[first + row] }
                bits &= bits - 1
            }
        }
        return QRCode(rows: rows)
    }
}

extension QRCode {
    /// A code's modules, with and without its mask.
    fileprivate struct Modules {
        let rows: [UInt64]
        /// The modules of text and error correction, as they are before the mask; all others 0.
        let data: [UInt64]

        init?(_ text: [UInt8]) {
            guard (1...QRCode.byteCountMax).contains(text.count),
                let code = QRcode_encodeData(Int32(text.count), text, 0, QR_ECLEVEL_M)
            else { return nil }
            defer { QRcode_free(code) }
            let side = Int(code.pointee.width)
            let modules = UnsafeBufferPointer(start: code.pointee.data, count: side * side)
            rows = QRCode(side: side) { modules[$0] & 1 == 1 }.rows
            // Bits 10 to 12 of the format's fifteen, which stand beside the lower left corner, with what is laid over them.
            let format = (3...5).map { modules[(side - $0) * side + 8] & 1 }
            let mask = Int((format[2] ^ 1) | format[1] << 1 | (format[0] ^ 1) << 2)
            data =
                QRCode(side: side) { place in
                    // The highest bit is set for what is no text.
                    modules[place] & 0x80 == 0
                        && (modules[place] & 1 == 1) != Modules.turns(mask, row: place / side, column: place % side)
                }.rows
        }

        /// Whether a mask turns a module (ISO/IEC 18004, table of mask patterns).
        private static func turns(_ mask: Int, row: Int, column: Int) -> Bool {
            switch mask {
            case 0: (row + column) % 2 == 0
            case 1: row % 2 == 0
            case 2: column % 3 == 0
            case 3: (row + column) % 3 == 0
            case 4: (row / 2 + column / 3) % 2 == 0
            case 5: row * column % 2 + row * column % 3 == 0
            case 6: (row * column % 2 + row * column % 3) % 2 == 0
            default: (row * column % 3 + (row + column) % 2) % 2 == 0
            }
        }
    }
}

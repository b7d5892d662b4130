import CLibqrencode

/// A QR code (ISO/IEC 18004) of a text, for a telephone's camera.
///
/// Error correction level M: a receipt that was folded, or photocopied once, still reads.
struct QRCode: Hashable, Sendable {
    /// Modules a side, 21…177.
    let side: Int
    /// Row by row, true for dark.
    private let isDark: [Bool]

    /// The code of a text; nil for an empty one, or one too long to read well from paper.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...QRCode.byteCountMax).contains(bytes.count),
            let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M)
        else { return nil }
        defer { QRcode_free(code) }
        side = Int(code.pointee.width)
        let modules = UnsafeBufferPointer(start: code.pointee.data, count: side * side)
        // The lowest bit is the colour; the others say what the module is for.
        isDark = modules.map { $0 & 1 == 1 }
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
        for row in 0..<side { runs(of: row, to: &html) }
        html.markup("\"/></svg>")
    }

    private func runs(of row: Int, to html: inout HTMLWriter) {
        var pen: Int?
        var column = 0
        while column < side {
            guard isDark[row * side + column] else {
                column += 1
                continue
            }
            let start = column
            while column < side, isDark[row * side + column] { column += 1 }
            if let pen {
                html.markup("m")
                html.number(start - pen)
                html.markup(" 0h")
            } else {
                html.markup("M")
                html.number(start + QRCode.quiet)
                html.markup(" ")
                html.number(row + QRCode.quiet)
                html.markup(".5h")
            }
            html.number(column - start)
            pen = column
        }
    }

    /// A sentence of our own in both languages.
    struct LocalLabel: Sendable {
        let vi: StaticString
        let en: StaticString
    }
}

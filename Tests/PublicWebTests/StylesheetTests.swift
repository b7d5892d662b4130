import Testing

@testable import PublicWeb

@Suite struct StylesheetTests {
    @Test func `contrast and line height are what the stylesheet promises`() {
        let sheet = String(decoding: Stylesheet.bytes, as: UTF8.self)
        #expect(sheet.contains("line-height:1.6") && !sheet.contains("line-height:1.2"))
        #expect(sheet.contains("@media print") && sheet.contains(":focus-visible"))
        let pairs = [
            ("1b2229", "ffffff"), ("3d4852", "ffffff"), ("0b3c73", "e7f0f9"), ("553a00", "fff3cf"),
            ("0d4a22", "e3f3e7"),
            ("2f3943", "eef1f4"), ("86120e", "fdeae8"), ("ffffff", "0b3c73"), ("0b4f9e", "ffffff"),
            ("0b4f9e", "fdf1f0"),
        ]
        for (text, ground) in pairs {
            #expect(
                sheet.contains(text == "ffffff" ? "#fff" : text) && sheet.contains(ground == "ffffff" ? "#fff" : ground)
            )
            #expect(Self.contrast(text, ground) >= 7, "#\(text) on #\(ground)")
        }
    }

    /// The contrast of two colours as WCAG 2.2 defines it.
    static func contrast(_ first: String, _ second: String) -> Double {
        let light = [first, second].map(luminance).sorted()
        return (light[1] + 0.05) / (light[0] + 0.05)
    }

    private static func luminance(_ colour: String) -> Double {
        let value = Int(colour, radix: 16) ?? 0
        let parts = [16, 8, 0].map { (shift: Int) -> Double in
            let part = Double((value >> shift) & 0xFF) / 255
            return part <= 0.04045 ? part / 12.92 : power24((part + 0.055) / 1.055)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    /// x to the 2.4, as x² times the fifth root of x², by Newton.
    private static func power24(_ x: Double) -> Double {
        let square = x * x
        var root = 1.0
        for _ in 0..<60 {
            let fourth = root * root * root * root
            root -= (fourth * root - square) / (5 * fourth)
        }
        return square * root
    }
}

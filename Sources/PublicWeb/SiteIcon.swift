/// The picture that browsers show beside the site's name: a door on the header's blue, 32 pixels wide, in the one format that
/// all of them read (ICO, with a bitmap of two colours and a mask).
enum SiteIcon {
    /// The file.
    static let bytes: [UInt8] = {
        let bitmap =
            number(40, 4) + number(side, 4) + number(2 * side, 4) + number(1, 2) + number(1, 2)
            + [UInt8](repeating: 0, count: 24) + blue + white + pixels(isDoor) + pixels(isOutside)
        let directory = number(0, 2) + number(1, 2) + number(1, 2)
        let entry =
            number(side, 1) + number(side, 1) + number(2, 1) + number(0, 1) + number(1, 2) + number(1, 2)
            + number(bitmap.count, 4) + number(directory.count + 16, 4)
        return directory + entry + bitmap
    }()

    private static let side = 32
    /// Blue, green, red, nothing.
    private static let blue: [UInt8] = [0x73, 0x3C, 0x0B, 0]
    private static let white: [UInt8] = [0xFF, 0xFF, 0xFF, 0]

    private static func isDoor(_ x: Int, _ y: Int) -> Bool {
        let isLeaf = (10..<22).contains(x) && (5..<26).contains(y)
        let isHandle = (18..<20).contains(x) && (15..<18).contains(y)
        let isSill = (6..<26).contains(x) && (26..<28).contains(y)
        return (isLeaf && !isHandle) || isSill
    }

    /// Beyond the rounded corners.
    private static func isOutside(_ x: Int, _ y: Int) -> Bool {
        let across = max(5 - x, x - (side - 6), 0)
        let down = max(5 - y, y - (side - 6), 0)
        return across * across + down * down > 27
    }

    /// A bit a pixel, from the lowest row up, the left one highest.
    private static func pixels(_ isSet: (Int, Int) -> Bool) -> [UInt8] {
        (0..<side).reversed().flatMap { y in
            stride(from: 0, to: side, by: 8).map { x in
                (x..<x + 8).reduce(UInt8(0)) { $0 << 1 | (isSet($1, y) ? 1 : 0) }
            }
        }
    }

    /// The lowest byte first.
    private static func number(_ value: Int, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

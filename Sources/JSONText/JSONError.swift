/// A sentence for people in both languages of the project.
package struct JSONMessage: Hashable, Sendable {
    /// Vietnamese, the language of record.
    package let vi: String
    /// English.
    package let en: String

    /// A sentence in both languages.
    package init(vi: String, en: String) {
        self.vi = vi
        self.en = en
    }
}

/// Why a text is no acceptable JSON document, and where.
package struct JSONError: Error, Hashable, Sendable {
    /// The kind of fault; the raw value is the stable code shown to callers.
    package enum Code: String, CaseIterable, Sendable {
        case empty
        case unexpectedCharacter = "unexpected-character"
        case unexpectedEnd = "unexpected-end"
        case trailingText = "trailing-text"
        case invalidUTF8 = "invalid-utf-8"
        case controlCharacter = "control-character"
        case nul
        case invalidEscape = "invalid-escape"
        case loneSurrogate = "lone-surrogate"
        case invalidNumber = "invalid-number"
        case numberOutOfRange = "number-out-of-range"
        case duplicateKey = "duplicate-key"
        case keyTooLong = "key-too-long"
        case tooDeep = "too-deep"
        case tooLarge = "too-large"
        case tooManyValues = "too-many-values"
    }

    /// What is wrong.
    package let code: Code
    /// Where, in bytes from 0.
    package let byteOffset: Int
    /// The line, from 1; lines end at LF.
    package let line: Int
    /// The column, from 1, in Unicode scalars.
    package let column: Int

    init(_ code: Code, at byteOffset: Int, in bytes: [UInt8]) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(byteOffset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.code = code
        self.byteOffset = byteOffset
        self.line = line
        self.column = column
    }

    /// What is wrong and where, as a sentence.
    package var message: JSONMessage {
        JSONMessage(
            vi: "\(reason.vi) (dòng \(line), cột \(column)).", en: "\(reason.en) (line \(line), column \(column)).")
    }

    /// What is wrong, without the place and without a full stop.
    package var reason: JSONMessage {
        switch code {
        case .empty: JSONMessage(vi: "Nội dung trống", en: "The text is empty")
        case .unexpectedCharacter: JSONMessage(vi: "Ký tự không đúng chỗ", en: "A character that cannot stand here")
        case .unexpectedEnd: JSONMessage(vi: "Nội dung kết thúc giữa chừng", en: "The text ends too early")
        case .trailingText:
            JSONMessage(vi: "Còn nội dung sau giá trị JSON", en: "There is more text after the JSON value")
        case .invalidUTF8: JSONMessage(vi: "Không phải UTF-8 hợp lệ", en: "Not valid UTF-8")
        case .controlCharacter:
            JSONMessage(
                vi: "Ký tự điều khiển trong chuỗi phải được mã hóa",
                en: "A control character in a string must be escaped")
        case .nul: JSONMessage(vi: "Không nhận ký tự NUL", en: "The character NUL is not accepted")
        case .invalidEscape: JSONMessage(vi: "Chuỗi thóat không hợp lệ", en: "Not a valid escape sequence")
        case .loneSurrogate:
            JSONMessage(vi: "Nửa cặp thay thế UTF-16 đứng một mình", en: "Half of a surrogate pair stands alone")
        case .invalidNumber: JSONMessage(vi: "Số viết không đúng quy tắc JSON", en: "Not a number by the rules of JSON")
        case .numberOutOfRange: JSONMessage(vi: "Số vượt giới hạn", en: "The number is out of range")
        case .duplicateKey:
            JSONMessage(vi: "Khóa lặp lại trong cùng một đối tượng", en: "The key stands twice in one object")
        case .keyTooLong: JSONMessage(vi: "Khóa quá dài", en: "The key is too long")
        case .tooDeep: JSONMessage(vi: "Lồng nhau quá sâu", en: "Nested too deeply")
        case .tooLarge: JSONMessage(vi: "Nội dung quá lớn", en: "The text is too large")
        case .tooManyValues: JSONMessage(vi: "Quá nhiều giá trị", en: "There are too many values")
        }
    }
}

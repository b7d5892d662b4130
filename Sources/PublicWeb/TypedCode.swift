package import Notices
package import PublicFeed

/// What somebody typed in the one field.
package enum TypedCode: Hashable, Sendable {
    /// A look-up code: opens the whole picture.
    case lookUp(LookUpCode)
    /// A legal code: opens the degree of completion.
    case legal(LegalCode)
    /// Twelve right symbols that are no code together: one of them is wrong. Known without asking anybody.
    case slip
    /// Nothing at all.
    case empty
    /// Nothing that could be a code; answered as a code that nobody has.
    case unknown

    /// Reads what was typed; lower case, spaces, hyphens, dots and other dashes are forgiven.
    package init(_ typed: some StringProtocol) {
        guard typed.utf8.count <= 128 else {
            self = .unknown
            return
        }
        let text = TypedCode.plain(typed)
        guard !text.isEmpty else {
            self = .empty
            return
        }
        do throws(LookUpCode.Flaw) {
            self = .lookUp(try LookUpCode(typed: text))
        } catch {
            if let legal = LegalCode(typed: text) {
                self = .legal(legal)
            } else {
                self = error == .check ? .slip : .unknown
            }
        }
    }

    /// What phones put in by themselves: no-break and narrow spaces, the dashes of U+2010…U+2015 and the minus sign.
    private static func plain(_ typed: some StringProtocol) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in typed.unicodeScalars {
            switch scalar.value {
            case 0x2010...0x2015, 0x2212: plain.append("-")
            case 0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x2000...0x200D, 0x202F, 0xFEFF: continue
            default: plain.append(scalar)
            }
        }
        return String(plain)
    }
}

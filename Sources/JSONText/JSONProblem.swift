/// One thing wrong with a request's body, at one place.
package struct JSONProblem: Hashable, Sendable {
    /// Where, as a JSON Pointer (RFC 6901); empty for the whole document.
    package let pointer: String
    /// What, as a stable kebab-case code such as `required` or `too-long`.
    package let code: String
    /// What, for people.
    package let message: JSONMessage

    /// A problem at a place.
    package init(pointer: String, code: String, message: JSONMessage) {
        self.pointer = pointer
        self.code = code
        self.message = message
    }
}

/// Everything wrong with one body, found in one pass.
package struct JSONProblems: Error, Hashable, Sendable {
    /// Whether the text was no JSON at all (one problem, with its line), or was JSON of the wrong shape.
    package enum Kind: Sendable { case syntax, fields }

    /// Why the body was refused.
    package let kind: Kind
    /// At least one, in the order of reading; at most ``countMax``.
    package let problems: [JSONProblem]

    /// More problems than a caller can want to read are cut, so that an answer cannot grow with an attack.
    package static let countMax = 100

    /// Problems of the wrong shape.
    package init(_ problems: [JSONProblem]) {
        self.kind = .fields
        self.problems = problems
    }

    /// The one problem of a text that is no JSON.
    package init(_ error: JSONError) {
        self.kind = .syntax
        self.problems = [JSONProblem(pointer: "", code: "json-\(error.code.rawValue)", message: error.message)]
    }
}

/// JSON Pointers (RFC 6901).
package enum JSONPointer {
    /// The pointer to a member of what `parent` points to.
    package static func member(_ key: String, of parent: String) -> String {
        var pointer = parent + "/"
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": pointer += "~0"
            case "/": pointer += "~1"
            default: pointer.unicodeScalars.append(scalar)
            }
        }
        return pointer
    }

    /// The pointer to an element of the array that `parent` points to.
    package static func element(_ index: Int, of parent: String) -> String { "\(parent)/\(index)" }
}

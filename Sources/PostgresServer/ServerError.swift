/// Why the embedded server cannot run: one line for the operator, with the command to run where there is one.
package struct EmbeddedPostgresError: Error, Sendable, CustomStringConvertible {
    /// The line.
    package let description: String

    init(_ description: String) { self.description = description }
}

/// What a document may weigh before it is refused.
package struct JSONLimits: Hashable, Sendable {
    /// The whole text, in bytes.
    package var byteCountMax: Int
    /// Nested arrays and objects; at most ``depthCeiling`` whatever is asked for.
    package var depthMax: Int {
        didSet { depthMax = min(depthMax, Self.depthCeiling) }
    }
    /// All values of the document together, so that `[[],[],…]` cannot multiply its size in memory.
    package var valueCountMax: Int
    /// One key, unescaped, in bytes: a longer one does not fit an index of the database.
    package var keyByteCountMax: Int

    /// One number's text, in bytes; whatever is longer is an attack and no measure of anything.
    package static let numberByteCountMax = 40
    /// The largest power of ten either way; beyond it databases and other readers disagree.
    package static let exponentMax = 308
    /// The reader recurses, and a cooperative thread's stack carries this many levels with room to spare.
    package static let depthCeiling = 128

    /// What a request may send: 1 MiB, 64 levels, 200,000 values, keys of 255 bytes.
    package static let request = JSONLimits()

    /// Limits with the values of ``request`` where none is given.
    package init(
        byteCountMax: Int = 1 << 20, depthMax: Int = 64, valueCountMax: Int = 200_000, keyByteCountMax: Int = 255
    ) {
        self.byteCountMax = byteCountMax
        self.depthMax = min(depthMax, Self.depthCeiling)
        self.valueCountMax = valueCountMax
        self.keyByteCountMax = keyByteCountMax
    }
}

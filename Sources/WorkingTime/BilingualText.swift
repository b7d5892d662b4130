/// A sentence or a name in Vietnamese (always present) and English.
package struct BilingualText: Hashable, Sendable {
    /// The Vietnamese text.
    package var vi: String
    /// The English text.
    package var en: String

    /// Makes a text of both languages.
    package init(vi: String, en: String) {
        self.vi = vi
        self.en = en
    }
}

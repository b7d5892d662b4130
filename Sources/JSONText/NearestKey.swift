/// The likeliest meant key for a misspelt one.
package enum NearestKey {
    /// The candidate with the fewest edits, if at most a third of the word (and at least one edit) is wrong; else nil.
    ///
    /// An edit inserts, removes, replaces or swaps neighbours; letter case counts for nothing.
    package static func of(_ word: String, among candidates: [String]) -> String? {
        let letters = Array(word.lowercased().unicodeScalars)
        let allowed = max(1, letters.count / 3)
        var best: (edits: Int, key: String)?
        for candidate in candidates {
            let other = Array(candidate.lowercased().unicodeScalars)
            // The lengths alone already need so many edits; this also bounds the work on a long key.
            guard abs(other.count - letters.count) <= allowed else { continue }
            let edits = distance(letters, other)
            if edits <= allowed, edits < best?.edits ?? .max { best = (edits, candidate) }
        }
        return best?.key
    }

    /// Optimal string alignment distance, three rows at a time.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            row.reserveCapacity(right.count + 1)
            for j in right.indices {
                let replaced = last[j] + (left[i] == right[j] ? 0 : 1)
                var edits = min(replaced, last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    edits = min(edits, beforeLast[j - 1] + 1)
                }
                row.append(edits)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }
}

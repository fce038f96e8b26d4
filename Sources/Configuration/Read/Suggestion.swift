/// The known word that was probably meant.
enum Suggestion {
    /// `; did you mean 'debounce'?`, or nothing if no word is near.
    static func text(for word: String, among known: [String]) -> String {
        let near = known.map { ($0, distance(word.lowercased(), $0)) }.min { $0.1 < $1.1 }
        guard let (best, distance) = near, distance <= max(1, min(best.count, word.count) / 3) else {
            return ""
        }
        return "; did you mean '\(best)'?"
    }

    /// Single letters added, left out, changed, or exchanged with the next one. Words longer than 64 letters are far
    /// from everything.
    private static func distance(_ one: String, _ other: String) -> Int {
        let (a, b) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
        guard a.count <= 64, b.count <= 64 else { return .max }
        var rows = [Array(0...b.count)]
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var least = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    least = min(least, rows[i - 1][j - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}

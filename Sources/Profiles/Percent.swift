/// Parts as percents with one decimal, rounded: the same in tables, titles and boxes.
package enum Percent {
    /// `part`: 1 is a hundred percent; not negative. As wide as `width` at least, without the sign.
    package static func text(_ part: Double, width: Int = 0) -> String {
        let tenths = Int((part * 1000).rounded())
        let text = "\(tenths / 10).\(tenths % 10)"
        return String(repeating: " ", count: max(0, width - text.count)) + text + " %"
    }

    /// Nothing of nothing is 0 %.
    package static func text(_ part: Int, of whole: Int, width: Int = 0) -> String {
        text(whole == 0 ? 0 : Double(part) / Double(whole), width: width)
    }
}

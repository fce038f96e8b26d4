/// The flame graph of two profiles: a box is as wide as the mean of both, red where the second one has more of it, blue
/// where it has less. What is new or gone has half of its width.
package enum ChangeGraph {
    /// One SVG file for a browser. `title` stands above the boxes.
    package static func svg(_ change: ProfileChange, title: String) -> String {
        let all = FlameBox.boxes(of: change, root: "all")
        let least = FlamePicture.least(of: all.first?.count ?? 0)
        return FlamePicture.svg(all.filter { $0.count >= least }, title: title) { box in
            let unit = Double(max(1, change.before.looks) * max(1, change.after.looks))
            let (before, after) = (Double(box.count - box.second) / unit, Double(box.second) / unit)
            let title = "\(box.frame.label): \(Percent.text(before)) before, \(Percent.text(after)) after"
            return FlamePicture.Look(title: title, color: color(before: before, after: after))
        }
    }

    /// The darker, the larger the difference is beside the box itself; grey below a twentieth.
    private static func color(before: Double, after: Double) -> String {
        let most = max(before, after)
        let part = most > 0 ? (after - before) / most : 0
        if abs(part) < 0.05 { return "#ddd" }
        return "hsl(\(part > 0 ? 8 : 214),85%,\(Int((92 - 34 * abs(part)).rounded()))%)"
    }
}

/// A flame graph: callees stand above their callers, a box is as wide as its part of the samples.
package enum FlameGraph {
    /// One SVG file for a browser. `title` stands above the boxes.
    package static func svg(_ profile: Profile, title: String) -> String {
        let total = profile.total
        let boxes = FlameBox.boxes(of: profile, root: "all", least: FlamePicture.least(of: total))
        return FlamePicture.svg(boxes, title: title) { box in
            let part = "\(box.count) of \(total) samples, \(Percent.text(box.count, of: total))"
            return FlamePicture.Look(title: "\(box.frame.label): \(part)", color: color(box))
        }
    }

    /// The same file has the same colour in every picture.
    private static func color(_ box: FlameBox) -> String {
        guard !box.frame.file.isEmpty else { return "#ccc" }
        let hash = box.frame.file.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) }
        return "hsl(\(10 + hash % 50),\(65 + hash / 64 % 30)%,\(60 + hash / 4096 % 14)%)"
    }
}

import Foundation
import SourceDiff

/// The time from the bytes of a save to its change set: one function of a file edited, a line added.
enum SaveTable {
    static func show() {
        print("lines      bytes    scan + diff   incremental")
        for lines in [100, 1_000, 5_000, 50_000] {
            let (old, new) = program(lines: lines)
            guard let outline = try? Outline(scanning: old) else { continue }
            let full = median {
                if let next = try? Outline(scanning: new) { _ = ChangeSet(from: outline, to: next) }
            }
            let incremental = median { _ = try? outline.changes(to: new) }
            print(
                String(
                    format: "%5d %10d %11.3f ms %10.3f ms", lines, old.count, full * 1e3, incremental * 1e3))
        }
    }

    private static func median(_ body: () -> Void) -> Double {
        let times = (0..<41).map { _ in best(of: 1, body) }.sorted()
        return times[times.count / 2]
    }

    /// A module of classes with two methods each; the edit is in the middle.
    private static func program(lines: Int) -> (old: [UInt8], new: [UInt8]) {
        var old = "\"\"\"A module.\"\"\"\nimport os, sys\n\nLIMIT = 10\n\n"
        var new = old
        let count = max(2, lines / 22)
        for index in 0..<count {
            old += unit(index, extra: "")
            new += unit(index, extra: index == count / 2 ? "        key = key + 1\n" : "")
        }
        return (Array(old.utf8), Array(new.utf8))
    }

    private static func unit(_ index: Int, extra: String) -> String {
        """
        class Store\(index):
            \"\"\"Keeps things that 'others' made.\"\"\"
            size = \(index)

            def find(self, key, among=(1, 2)):
                \"\"\"Looks for `key`.\"\"\"
        \(extra)        found = []
                for item in self.items(among):
                    if item.key == key and not item.hidden:  # hidden ones are not for sale
                        found.append({"key": item.key, "name": f"{item.name!r:>10}"})
                if not found:
                    raise KeyError("nothing here: %s" % (key,))
                return found

            def path(self, *parts, **options):
                root = options.pop("root", os.sep)
                return os.path.join(root, *[
                    str(part) for part in parts
                ])


        #

        """
    }
}

/// The parts of a file that a save changed, each with what gives it the context of the whole file.
package struct EditSlices: Sendable, Hashable {
    /// Of one changed function: text that compiles to the code that the whole file gives for it.
    package struct Pair: Sendable, Hashable {
        /// Of the text that the process runs.
        package var old: [UInt8]
        /// Of the saved text.
        package var new: [UInt8]

        /// Makes a pair; both are UTF-8.
        package init(old: [UInt8], new: [UInt8]) {
            self.old = old
            self.new = new
        }
    }

    /// Lines of the old file that lie `distance` lines further down in the new one.
    package struct Range: Sendable, Hashable {
        /// The first line of the old file, 1-based.
        package var first: Int
        /// The last line, which is included.
        package var last: Int
        /// Lines; negative where the text moved up.
        package var distance: Int

        /// Makes a range of lines that moved together.
        package init(first: Int, last: Int, distance: Int) {
            self.first = first
            self.last = last
            self.distance = distance
        }
    }

    /// A class whose statement moved, by its names from the outermost class in.
    package struct MovedClass: Sendable, Hashable {
        /// Outermost first; the last one is the class itself.
        package var names: [String]
        /// Its first line in the old file, 1-based.
        package var old: Int
        /// Its first line in the new file.
        package var new: Int

        /// Makes the entry of one class.
        package init(names: [String], old: Int, new: Int) {
            self.names = names
            self.old = old
            self.new = new
        }
    }

    /// By `PlannedChange.id`.
    package var pairs: [Int: Pair]
    /// The module's, as `__future__` spells them.
    package var features: [String]
    /// Ascending, without overlaps.
    package var moved: [Range]
    /// Classes whose own first line changed.
    package var classes: [MovedClass]

    /// Makes the slices of one file.
    package init(pairs: [Int: Pair], features: [String], moved: [Range], classes: [MovedClass]) {
        self.pairs = pairs
        self.features = features
        self.moved = moved
        self.classes = classes
    }

    /// As the twin gets it.
    var message: MarshalValue {
        [
            "pairs": .list(
                pairs.sorted { $0.key < $1.key }.map { id, pair in
                    .list([.int(Int64(id)), .bytes(pair.old), .bytes(pair.new)])
                }),
            "features": .strings(features),
            "ranges": .list(
                moved.map { .list([.int(Int64($0.first)), .int(Int64($0.last)), .int(Int64($0.distance))]) }),
            "classes": .list(
                classes.map { .list([.strings($0.names), .int(Int64($0.old)), .int(Int64($0.new))]) }),
        ]
    }
}

/// What became of one burst in one process.
package struct PatchReport: Sendable, Hashable {
    package struct Applied: Sendable, Hashable {
        /// Module and qualified name: `shop.cart.Cart.total`.
        package var name: String
        package var file: String
        /// In the new file, 1-based; in the old one for what is gone.
        package var line: Int
        package var kind: Kind
        package var change: Change
        package var activeFrames: Int

        package init(
            name: String, file: String, line: Int, kind: Kind, change: Change, activeFrames: Int
        ) {
            self.name = name
            self.file = file
            self.line = line
            self.kind = kind
            self.change = change
            self.activeFrames = activeFrames
        }
    }

    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case function, method, `class`, `import`, assignment, statement
    }

    package enum Change: String, Sendable, Hashable, CaseIterable {
        case body, defaults, signature, annotations, decorators, doc, added, removed, value, bases, executed
    }

    /// A change that stays out, or a remark on one that went in.
    package struct Remark: Sendable, Hashable {
        package var name: String
        package var file: String
        package var line: Int
        package var reason: ReasonID
        package var message: String
        package var action: String
        /// What the remark counts (frames, cache entries); 1 if it counts nothing.
        package var count: Int = 1

        package init(
            name: String, file: String, line: Int, reason: ReasonID, message: String, action: String,
            count: Int = 1
        ) {
            self.name = name
            self.file = file
            self.line = line
            self.reason = reason
            self.message = message
            self.action = action
            self.count = count
        }
    }

    package struct Rejected: Sendable, Hashable {
        package var reason: ReasonID
        package var file: String
        /// 1-based; 0 if unknown. Columns count characters.
        package var line: Int
        package var column: Int
        package var endColumn: Int = 0
        package var message: String
        /// The line of source it concerns.
        package var text: String
        package var action: String

        package init(
            reason: ReasonID, file: String, line: Int, column: Int, endColumn: Int = 0, message: String,
            text: String, action: String
        ) {
            self.reason = reason
            self.file = file
            self.line = line
            self.column = column
            self.endColumn = endColumn
            self.message = message
            self.text = text
            self.action = action
        }
    }

    package var files: [String]
    package var applied: [Applied] = []
    package var kept: [Remark] = []
    package var notes: [Remark] = []
    /// Not empty: nothing of the burst is in the process.
    package var rejected: [Rejected] = []
    /// What was rejected is kept change by change, and named in `kept` too: another save does not try it again.
    package var isKeptByChange = false
    /// Nanoseconds in which the target's other threads may have waited.
    package var pause: Int = 0
    package var searchedHeap: Bool = false

    package init(files: [String]) { self.files = files }
}

/// What became of one burst in one process.
package struct PatchReport: Sendable, Hashable {
    /// A change that is in the process, verified.
    package struct Applied: Sendable, Hashable {
        /// Module and qualified name: `shop.cart.Cart.total`.
        package var name: String
        /// As users see it.
        package var file: String
        /// In the new file, 1-based; in the old one for what is gone.
        package var line: Int
        /// What it is.
        package var kind: Kind
        /// What happened to it.
        package var change: Change
        /// Calls that finish on the old code.
        package var activeFrames: Int

        /// Makes an entry of what went in.
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

    /// What a change is about.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// By where it stands: what is in a class is a method, static or not.
        case function, method, `class`, `import`, assignment, statement
    }

    /// What happened to it, in one word.
    package enum Change: String, Sendable, Hashable, CaseIterable {
        /// Of several, the one that says most; `executed` is an import or a block that was run.
        case body, defaults, signature, annotations, decorators, doc, added, removed, value, bases, executed
    }

    /// A change that stays out, or a remark on one that went in.
    package struct Remark: Sendable, Hashable {
        /// Module and qualified name; of the whole burst a word for it.
        package var name: String
        /// As users see it.
        package var file: String
        /// 1-based; 0 if it is not known.
        package var line: Int
        /// Why it stays out, or what kind of remark it is.
        package var reason: ReasonID
        /// One sentence without a full stop.
        package var message: String
        /// What the user can do; empty where nothing is needed.
        package var action: String
        /// What the remark counts (frames, cache entries); 1 if it counts nothing.
        package var count: Int = 1

        /// Makes a remark; one that counts nothing counts 1.
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

    /// Why the burst, or a file of it, is not in the process.
    package struct Rejected: Sendable, Hashable {
        /// What kind of failure it was.
        package var reason: ReasonID
        /// As users see it; empty if it is about the whole burst.
        package var file: String
        /// 1-based; 0 if unknown. Columns count characters.
        package var line: Int
        /// From 1, in characters; 0 if unknown.
        package var column: Int
        /// Behind the last character; 0 if unknown.
        package var endColumn: Int = 0
        /// One sentence without a full stop.
        package var message: String
        /// The line of source it concerns.
        package var text: String
        /// What the user can do.
        package var action: String

        /// Makes an entry of what was rejected.
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

    /// As users see them.
    package var files: [String]
    /// What is in the process now.
    package var applied: [Applied] = []
    /// What stays out, while the rest is in.
    package var kept: [Remark] = []
    /// What to know of what is in.
    package var notes: [Remark] = []
    /// Not empty: nothing of the burst is in the process.
    package var rejected: [Rejected] = []
    /// What was rejected is kept change by change, and named in `kept` too: another save does not try it again.
    package var isKeptByChange = false
    /// Nanoseconds in which the target's other threads may have waited.
    package var pause: Int = 0
    /// The objects of the whole process were searched, which takes time where there are many.
    package var searchedHeap: Bool = false

    /// Makes a report of a burst in which nothing happened.
    package init(files: [String]) { self.files = files }
}

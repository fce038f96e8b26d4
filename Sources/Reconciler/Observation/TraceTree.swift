package import Reloader

/// A row of a trace with the rows below it, as it is shown.
package struct TraceTree: Sendable, Hashable {
    /// The row itself.
    package var row: TraceRecord.Row
    /// In the order of their first calls.
    package var below: [TraceTree] = []
    /// Rows right below that took less than is shown, the longest first.
    package var small: [TraceRecord.Row] = []

    /// Milliseconds of the row that none of the rows below it has; nil where there are none.
    package var rest: Double? {
        if below.isEmpty, small.isEmpty { return nil }
        let told = below.map(\.row.milliseconds) + small.map(\.milliseconds)
        return max(0, row.milliseconds - told.reduce(0, +))
    }

    /// Nil without rows. `least`: milliseconds; what took less is `small`, and what is below that is left out.
    package init?(_ rows: [TraceRecord.Row], least: Double) {
        guard let first = rows.first else { return nil }
        var open = [TraceTree(row: first)]
        for row in rows.dropFirst() {
            while open.count > 1, open[open.count - 1].row.depth >= row.depth { Self.fold(&open, least) }
            open.append(TraceTree(row: row))
        }
        while open.count > 1 { Self.fold(&open, least) }
        self = open[0]
        sort()
    }

    /// A leaf until rows below it are complete.
    private init(row: TraceRecord.Row) { self.row = row }

    /// The innermost of the open rows is complete.
    private static func fold(_ open: inout [TraceTree], _ least: Double) {
        let done = open.removeLast()
        if done.row.milliseconds >= least {
            open[open.count - 1].below.append(done)
        } else {
            open[open.count - 1].small.append(done.row)
        }
    }

    /// Only the small rows: the others stay in the order of their calls.
    private mutating func sort() {
        small.sort { $0.milliseconds > $1.milliseconds }
        for index in below.indices { below[index].sort() }
    }
}

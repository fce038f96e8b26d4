/// The bytes that two texts share at their start and at their end; the two never overlap.
struct EditWindow {
    /// Bytes that are equal at the beginning.
    var prefix: Int
    /// Bytes that are equal at the end.
    var suffix: Int
    /// Nothing but the common prefix.
    var isWhole: Bool

    /// Compares two sources.
    init(from old: [UInt8], to new: [UInt8]) {
        self = old.withUnsafeBufferPointer { left in
            new.withUnsafeBufferPointer { right in EditWindow(SourceView(left), SourceView(right)) }
        }
    }

    /// Compares two sources that are in memory already.
    init(_ old: SourceView, _ new: SourceView) {
        let limit = min(old.count, new.count)
        prefix = old.commonPrefix(from: 0, new, from: 0, limit: limit)
        suffix = old.commonSuffix(new, limit: limit - prefix)
        isWhole = prefix == limit && old.count == new.count
    }
}

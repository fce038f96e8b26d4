/// An address in another process; it cannot be dereferenced here.
package struct RemoteAddress: Hashable, Comparable, Sendable {
    /// The address as a number of the other process; it means nothing in ours.
    package let value: UInt64

    /// Wraps a number that was read from, or is to be written for, the other process.
    package init(_ value: UInt64) { self.value = value }

    /// Orders as numbers, without a sign.
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }

    /// Wraps around as the CPU does: a nonsense sum is caught by the read that uses it.
    package static func + (left: Self, offset: UInt64) -> Self { Self(left.value &+ offset) }
}

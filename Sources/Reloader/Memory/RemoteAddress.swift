/// An address in another process; it cannot be dereferenced here.
package struct RemoteAddress: Hashable, Comparable, Sendable {
    package let value: UInt64

    package init(_ value: UInt64) { self.value = value }

    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }

    /// Wraps around as the CPU does: a nonsense sum is caught by the read that uses it.
    package static func + (left: Self, offset: UInt64) -> Self { Self(left.value &+ offset) }
}

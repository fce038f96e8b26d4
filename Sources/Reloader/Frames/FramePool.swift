/// Where frames are objects of the heap (up to 3.10): those that a thread has used lately.
///
/// Calls use the same few objects again: each code object keeps the last frame of its function, and others
/// lie in a list. So a whole stack is read in one call, from places that are known before.
final class FramePool {
    /// Frames that lie close together are read as one place: a place costs more than its bytes.
    struct Stretch {
        /// Of its first frame.
        var address: UInt64
        /// Bytes up to the end of its last frame.
        var size: Int
    }

    /// In the order in which they are read.
    private(set) var stretches: [Stretch] = []
    /// In ascending order.
    private var addresses: [UInt64] = []
    /// Of each frame: where it is behind the start of the first stretch, if all are read one behind the
    /// other.
    private(set) var offsets: [Int] = []
    /// Of each frame: the last stack that it was in.
    private var stacks: [Int] = []
    private var stack = 0

    /// Frames besides those of the last stack.
    private static let mostOthers = 128
    /// Bytes between two frames of one stretch: less than a page, so that both ends are on pages that are
    /// there.
    private static let widest: UInt64 = 512

    /// Nothing is known yet.
    init() {}

    /// Whether nothing is known.
    var isEmpty: Bool { addresses.isEmpty }
    /// Frames that are known.
    var count: Int { addresses.count }

    /// Another stack is looked at.
    func begin() { stack += 1 }

    /// Nil for a frame that is not known.
    func index(of address: UInt64) -> Int? {
        var (low, high) = (0, addresses.count)
        while low < high {
            let middle = (low + high) / 2
            if addresses[middle] < address { low = middle + 1 } else { high = middle }
        }
        return low < addresses.count && addresses[low] == address ? low : nil
    }

    /// Whether the frame was taken into this stack.
    func isTaken(_ index: Int) -> Bool { stacks[index] == stack }

    /// Takes a frame into this stack; false if it is in it already.
    func take(_ index: Int) -> Bool {
        guard stacks[index] != stack else { return false }
        stacks[index] = stack
        return true
    }

    /// From now on these are known too; `size`: bytes that are read of a frame. Those that were not used for
    /// the longest time are forgotten.
    func add(_ found: [UInt64], size: Int) {
        var last: [UInt64: Int] = [:]
        for (address, stack) in zip(addresses, stacks) { last[address] = stack }
        for address in found { last[address] = stack }
        let most = found.count + stacks.count { $0 == stack } + Self.mostOthers
        if last.count > most {
            let oldest = last.values.sorted(by: >)[most]
            last = last.filter { $0.value > oldest }
        }
        addresses = last.keys.sorted()
        stacks = addresses.map { last[$0] ?? 0 }
        arrange(UInt64(size))
    }

    /// Nothing is known any more: a frame's memory is gone.
    func forget() {
        (addresses, stacks, offsets, stretches) = ([], [], [], [])
    }

    private func arrange(_ size: UInt64) {
        (stretches, offsets) = ([], [])
        var start = 0
        for address in addresses {
            if let last = stretches.last, address - last.address <= UInt64(last.size) + Self.widest {
                stretches[stretches.count - 1].size = Int(address - last.address + size)
            } else {
                start += ((stretches.last?.size ?? 0) + 7) & ~7
                stretches.append(Stretch(address: address, size: Int(size)))
            }
            offsets.append(start + Int(address - stretches[stretches.count - 1].address))
        }
    }
}

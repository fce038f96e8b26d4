/// The threads of a process, listed again only when one call tells that they have changed.
final class ThreadList {
    /// What was found at one moment.
    struct Moment {
        /// Of all interpreters.
        var states: [StackReader.ThreadState]
        /// The threads that hold the GILs of the interpreters; 0 where nobody does.
        var holders: [UInt64]
    }

    /// A part of the memory that was read when the threads were listed, and still says the same while they are the
    /// same.
    private struct Link {
        /// In the process.
        var address: UInt64
        /// What was read there.
        var value: UInt64
        /// Bits that count.
        var mask: UInt64 = .max
    }

    /// Links that lie close together are read as one place: a place costs more than its bytes.
    private struct Stretch {
        var address: UInt64
        var size: Int
        var links: [(offset: Int, value: UInt64, mask: UInt64)]

        /// Bytes between two links of one stretch: less than a page, so that both ends are on pages that are there.
        private static let widest: UInt64 = 512

        static func stretches(of links: [Link]) -> [Stretch] {
            var found: [Stretch] = []
            for link in links.sorted(by: { $0.address < $1.address }) {
                if let last = found.last, link.address - last.address <= UInt64(last.size) + widest {
                    let offset = Int(link.address - last.address)
                    found[found.count - 1].size = max(last.size, offset + 8)
                    found[found.count - 1].links.append((offset, link.value, link.mask))
                } else {
                    found.append(
                        Stretch(address: link.address, size: 8, links: [(0, link.value, link.mask)]))
                }
            }
            return found
        }
    }

    private let stacks: StackReader
    private var moment: Moment?
    private var stretches: [Stretch] = []
    /// Where the GILs are.
    private var gils: [UInt64] = []

    /// Reads nothing yet.
    init(_ stacks: StackReader) { self.stacks = stacks }

    /// Lists the threads again the next time, whatever their memory says.
    func forget() { moment = nil }

    /// Nil if the threads cannot be read.
    func look() -> Moment? {
        if let moment, let holders = holders() {
            self.moment?.holders = holders
            return Moment(states: moment.states, holders: holders)
        }
        moment = nil
        guard let states = stacks.threads(), !states.isEmpty else { return nil }
        var found = Moment(states: states, holders: [])
        gils = []
        for interpreter in Self.interpreters(of: states) {
            guard let gil = stacks.gil(of: interpreter) else { continue }
            found.holders.append(gil.holder)
            gils.append(gil.place)
        }
        stretches = Stretch.stretches(of: Self.links(of: states, image: stacks.image))
        moment = found
        return found
    }

    /// In one call. Nil if the threads are other ones.
    private func holders() -> [UInt64]? {
        let reader = stacks.reader
        reader.begin()
        var places: [Int] = []
        places.reserveCapacity(stretches.count + gils.count)
        for stretch in stretches {
            guard let place = reader.add(stretch.address, count: stretch.size) else { return nil }
            places.append(place)
        }
        for gil in gils {
            guard let place = reader.add(gil &+ 8, count: 16) else { return nil }
            places.append(place)
        }
        guard reader.read() else { return nil }
        for (stretch, place) in zip(stretches, places) {
            for link in stretch.links where reader.word(place + link.offset) & link.mask != link.value {
                return nil
            }
        }
        return places.suffix(gils.count).map { reader.half($0 + 8) == 1 ? reader.word($0) : 0 }
    }

    /// Each once, in their order.
    private static func interpreters(of states: [StackReader.ThreadState]) -> [UInt64] {
        var found: [UInt64] = []
        for state in states where found.last != state.interpreter { found.append(state.interpreter) }
        return found
    }

    /// The words that lead from the runtime to each thread, and those that say which thread it is.
    private static func links(of states: [StackReader.ThreadState], image: InterpreterImage) -> [Link] {
        let (runtime, thread) = (image.layout.runtime, image.layout.thread)
        let interpreters = interpreters(of: states)
        var links: [Link] = []
        var place = image.runtime.value &+ runtime.interpreters
        for interpreter in interpreters {
            links.append(Link(address: place, value: interpreter))
            place = interpreter &+ runtime.next
            var next = interpreter &+ runtime.threads
            for state in states where state.interpreter == interpreter {
                links.append(Link(address: next, value: state.address))
                links.append(Link(address: state.address &+ thread.identifier, value: state.identifier))
                if let native = thread.native {
                    let value = UInt64(UInt32(bitPattern: state.native ?? 0))
                    links.append(Link(address: state.address &+ native, value: value, mask: 0xffff_ffff))
                }
                next = state.address &+ thread.next
            }
            links.append(Link(address: next, value: 0))
        }
        links.append(Link(address: place, value: 0))
        return links
    }
}

/// The threads of a process, listed again only when one call tells that they have changed.
final class ThreadList {
    /// What was found at one moment.
    struct Moment {
        /// Of all interpreters.
        var states: [StackReader.ThreadState]
        /// The thread that holds the GIL, by interpreter; 0 where nobody does.
        var holders: [UInt64: UInt64]
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

    private let stacks: StackReader
    private var moment: Moment?
    private var links: [Link] = []
    /// Where the GILs are, by interpreter.
    private var gils: [(interpreter: UInt64, place: UInt64)] = []

    /// Reads nothing yet.
    init(_ stacks: StackReader) { self.stacks = stacks }

    /// Lists the threads anew the next time, whatever their memory says.
    func forget() { moment = nil }

    /// Nil if the threads cannot be read.
    func look() -> Moment? {
        if let moment, let holders = holders() {
            self.moment?.holders = holders
            return Moment(states: moment.states, holders: holders)
        }
        moment = nil
        guard let states = stacks.threads(), !states.isEmpty else { return nil }
        var found = Moment(states: states, holders: [:])
        gils = []
        for interpreter in Self.interpreters(of: states) {
            guard let gil = stacks.gil(of: interpreter) else { continue }
            found.holders[interpreter] = gil.holder
            gils.append((interpreter, gil.place))
        }
        links = Self.links(of: states, image: stacks.image)
        moment = found
        return found
    }

    /// In one call. Nil if the threads are other ones.
    private func holders() -> [UInt64: UInt64]? {
        let reader = stacks.reader
        reader.begin()
        // Words lie one after the other in the buffer.
        for link in links where reader.add(link.address, count: 8) == nil { return nil }
        for gil in gils where reader.add(gil.place &+ 8, count: 16) == nil { return nil }
        guard reader.read() else { return nil }
        for (index, link) in links.enumerated() where reader.word(index * 8) & link.mask != link.value {
            return nil
        }
        var found: [UInt64: UInt64] = [:]
        for (index, gil) in gils.enumerated() {
            let place = links.count * 8 + index * 16
            found[gil.interpreter] = reader.half(place + 8) == 1 ? reader.word(place) : 0
        }
        return found
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

/// Reads the threads and stacks of an interpreter from outside, without stopping anything.
///
/// What changes while it is read is noticed and read again: the current frame must be the same before and after.
package final class StackReader {
    /// `PyThreadState`, at the moment when the threads were listed.
    package struct ThreadState: Sendable, Hashable {
        /// Where the state lies in the process.
        package var address: UInt64
        /// Address of its interpreter.
        package var interpreter: UInt64
        /// As `threading.get_ident()`.
        package var identifier: UInt64
        /// As `threading.get_native_id()`; nil where the version does not keep it.
        package var native: Int32?
    }

    /// A frame without names.
    package struct RawFrame: Sendable, Hashable {
        /// Address of its code object.
        package var code: UInt64
        /// Of its instruction in the code, in bytes; negative before the first.
        package var position: Int
        /// Where the frame lies in the process.
        package var address: UInt64
    }

    /// One look at one thread.
    package enum Sample: Sendable, Hashable {
        /// Newest first. `isCut`: there were more than are read.
        case frames([RawFrame], isCut: Bool)
        /// It changed while it was read.
        case changed
        /// There is no such thread any more.
        case gone
    }

    /// How many frames of a thread are read; older ones are left out, which its stack says.
    package static let mostFrames = 512
    /// Of the chunk that frames lie on: CPython's size of one.
    private static let chunkSize = 16384
    private static let mostThreads = 10_000
    /// `co_flags` in a code object up to 3.10; CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR.
    private static let heapFlags: UInt64 = 36
    private static let generatorFlags: UInt32 = 0x2a0

    /// Reads many places in one system call.
    let reader: VectorReader
    /// What is known of the process's interpreter.
    let image: InterpreterImage
    private var layout: FrameLayout { image.layout }
    private var pages: [UInt64: Int] = [:]

    /// Reads nothing yet. `image`: what is known of the process's interpreter.
    package init(pid: Int32, image: InterpreterImage) {
        reader = VectorReader(pid: pid)
        self.image = image
    }

    /// Of all interpreters of the process. Nil if they cannot be read.
    package func threads() -> [ThreadState]? {
        guard var interpreter = reader.word(at: image.runtime.value &+ layout.runtime.interpreters) else {
            return nil
        }
        var found: [ThreadState] = []
        while interpreter != 0, found.count < Self.mostThreads {
            reader.begin()
            guard let next = reader.add(interpreter &+ layout.runtime.next, count: 8),
                let first = reader.add(interpreter &+ layout.runtime.threads, count: 8), reader.read()
            else { return nil }
            let (following, head) = (reader.word(next), reader.word(first))
            guard addThreads(from: head, of: interpreter, to: &found) else { return nil }
            interpreter = following
        }
        return found
    }

    private func addThreads(
        from head: UInt64, of interpreter: UInt64, to found: inout [ThreadState]
    ) -> Bool {
        var address = head
        while address != 0, found.count < Self.mostThreads {
            reader.begin()
            let native = layout.thread.native
            guard let next = reader.add(address &+ layout.thread.next, count: 8),
                let identifier = reader.add(address &+ layout.thread.identifier, count: 8),
                let number = reader.add(address &+ (native ?? layout.thread.identifier), count: 8),
                reader.read()
            else { return false }
            found.append(
                ThreadState(
                    address: address, interpreter: interpreter, identifier: reader.word(identifier),
                    native: native == nil ? nil : Int32(truncatingIfNeeded: reader.word(number))))
            address = reader.word(next)
        }
        return true
    }

    /// The address of the thread that holds the GIL of an interpreter, 0 if nobody does; and where that GIL is.
    package func gil(of interpreter: UInt64) -> (holder: UInt64, place: UInt64)? {
        let place: UInt64
        if let pointer = layout.runtime.gilPointer {
            guard let address = reader.word(at: interpreter &+ pointer), address != 0 else { return nil }
            place = address
        } else {
            place = image.runtime.value &+ layout.runtime.gil
        }
        reader.begin()
        guard let holder = reader.add(place &+ 8, count: 8), let locked = reader.add(place &+ 16, count: 4),
            reader.read()
        else { return nil }
        return (reader.half(locked) == 1 ? reader.word(holder) : 0, place)
    }

    /// Bytes of a GIL, its conditions and locks among them.
    package static let gilSize: UInt64 = 208

    /// The stack of a thread; tried again a few times while it changes.
    package func sample(_ thread: ThreadState, tries: Int = 8) -> Sample {
        for _ in 0..<tries {
            let sample = layout.thread.chunk == nil ? heapFrames(thread) : chunkFrames(thread)
            if sample != .changed { return sample }
        }
        return .changed
    }
}

/// From 3.11 on: frames lie on a stack of their own, whose newest part is copied in the same call as the thread's
/// state.
extension StackReader {
    private func chunkFrames(_ thread: ThreadState) -> Sample {
        guard let chunkField = layout.thread.chunk else { return .gone }
        reader.begin()
        guard let frameWord = reader.add(thread.address &+ layout.thread.frame, count: 8),
            let chunkWord = reader.add(thread.address &+ chunkField, count: 8), reader.read()
        else { return .gone }
        let (holder, chunk) = (reader.word(frameWord), reader.word(chunkWord))
        pages.removeAll(keepingCapacity: true)
        reader.begin()
        let state = thread.address &+ layout.thread.frame
        let current = layout.thread.indirection.map { holder &+ $0 } ?? state
        guard let before = reader.add(current, count: 8), let copy = copyOfChunk(chunk),
            let after = reader.add(current, count: 8), let last = reader.add(state, count: 8),
            let lastChunk = reader.add(thread.address &+ chunkField, count: 8), reader.read()
        else { return .changed }
        let frame = reader.word(before)
        guard frame == reader.word(after), chunk == reader.word(lastChunk),
            layout.thread.indirection == nil || reader.word(last) == holder
        else { return .changed }
        let walked = walk(from: frame, chunk: chunk, copy: chunk == 0 ? nil : copy)
        guard !pages.isEmpty else { return walked }
        // More was read after the copy: it counts if the thread is still where it was.
        return reader.word(at: current) == frame ? walked : .changed
    }

    private func copyOfChunk(_ chunk: UInt64) -> Int? {
        chunk == 0 ? 0 : reader.add(chunk, count: Self.chunkSize)
    }

    private func walk(from first: UInt64, chunk: UInt64, copy: Int?) -> Sample {
        var frames: [RawFrame] = []
        var address = first
        var steps = 0
        var isGenerator = false
        while address != 0 {
            steps += 1
            if frames.count >= Self.mostFrames || steps > 2 * Self.mostFrames {
                return .frames(frames, isCut: true)
            }
            guard let place = frame(at: address, chunk: chunk, copy: copy) else { return .changed }
            let fields = layout.frame
            let owner = fields.owner.map { reader.byte(place + Int($0)) } ?? 0
            isGenerator = owner == 1
            if owner < 3 {
                // 3.14 marks references in the low bits.
                let code = reader.word(place + Int(fields.code)) & ~7
                let instruction = reader.word(place + Int(fields.instruction))
                let start = code &+ layout.code.instructions
                frames.append(
                    RawFrame(
                        code: code, position: Int(truncatingIfNeeded: instruction &- start), address: address)
                )
            }
            let previous = reader.word(place + Int(fields.previous))
            if previous == address { return .changed }
            address = previous
        }
        // A generator that has yielded has no caller: it ran again before the current frame was read once more. One that C
        // code called as the first frame of its thread looks the same, and is never seen.
        return isGenerator ? .changed : .frames(frames, isCut: false)
    }

    /// Where the bytes of a frame are in the buffer: in the copy of the chunk, or in a page that is read now, as
    /// frames of generators and of older chunks.
    private func frame(at address: UInt64, chunk: UInt64, copy: Int?) -> Int? {
        let size = UInt64(layout.frame.size)
        // What was read may be any number: nothing here may overflow.
        if let copy, address >= chunk, address - chunk <= UInt64(Self.chunkSize) - size {
            return copy + Int(address - chunk)
        }
        let page = address & ~4095
        guard address - page + size <= 4096 else { return more(address, count: Int(size)) }
        if let place = pages[page] { return place + Int(address - page) }
        guard let place = more(page, count: 4096) else { return nil }
        pages[page] = place
        return place + Int(address - page)
    }

    private func more(_ address: UInt64, count: Int) -> Int? {
        if pages.isEmpty { pages[1] = 0 }  // no page has this address: something was read after the copy
        return reader.more(address, count: count)
    }
}

/// Up to 3.10: frames are objects of the heap, each with the address of the one that called it. Read twice. A generator
/// without a caller has yielded, or ended, and runs again.
extension StackReader {
    private func heapFrames(_ thread: ThreadState) -> Sample {
        guard let first = reader.word(at: thread.address &+ layout.thread.frame) else { return .gone }
        guard let once = chain(from: first) else { return .changed }
        let addresses = once.frames.map(\.address)
        reader.begin()
        var places: [Int] = []
        for address in addresses {
            guard let place = reader.add(address, count: layout.frame.size) else { return .changed }
            places.append(place)
        }
        let oldest = once.end == 0 ? once.frames.last?.code ?? 0 : 0
        guard let last = reader.add(thread.address &+ layout.thread.frame, count: 8),
            let flags = oldest == 0 ? last : reader.add(oldest &+ Self.heapFlags, count: 4), reader.read(),
            reader.word(last) == first
        else { return .changed }
        if oldest != 0, reader.half(flags) & Self.generatorFlags != 0 { return .changed }
        for (index, place) in places.enumerated() {
            let next = index + 1 < addresses.count ? addresses[index + 1] : once.end
            guard reader.word(place + Int(layout.frame.previous)) == next,
                reader.word(place + Int(layout.frame.code)) == once.frames[index].code
            else { return .changed }
        }
        return .frames(once.frames, isCut: once.end != 0)
    }

    /// `end`: the address of the first frame that was not read; 0 where none was left.
    private func chain(from first: UInt64) -> (frames: [RawFrame], end: UInt64)? {
        var frames: [RawFrame] = []
        var address = first
        while address != 0, frames.count < Self.mostFrames {
            reader.begin()
            guard let place = reader.add(address, count: layout.frame.size), reader.read() else { return nil }
            let index = Int(Int32(bitPattern: reader.half(place + Int(layout.frame.instruction))))
            frames.append(
                RawFrame(
                    code: reader.word(place + Int(layout.frame.code)),
                    position: layout.frame.instructionKind == .unitIndex ? index * 2 : index,
                    address: address))
            address = reader.word(place + Int(layout.frame.previous))
        }
        return (frames, address)
    }
}

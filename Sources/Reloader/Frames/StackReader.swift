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

    /// A part of the memory, and where its bytes are in the reader's buffer.
    private struct Region {
        var address: UInt64
        var size: Int
        var place: Int
    }
    /// `co_flags` in a code object up to 3.10; CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR.
    private static let heapFlags: UInt64 = 36
    private static let generatorFlags: UInt32 = 0x2a0

    /// Reads many places in one system call.
    let reader: VectorReader
    /// What is known of the process's interpreter.
    let image: InterpreterImage
    private var layout: FrameLayout { image.layout }
    /// What was read of one thread's frames: the copy of its chunk, and what was read after it.
    private var regions: [Region] = []
    /// Where in `regions` each frame is.
    private var visited: [(region: Int, offset: Int)] = []
    /// By the addresses of threads: where the last look found things, which is read first.
    private var chunks: [UInt64: Chunk] = [:]
    /// The same where frames are objects: the addresses of the last stack.
    private var chains: [UInt64: [UInt64]] = [:]

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
    /// What is expected of a thread before it is read.
    private struct Chunk: Hashable {
        /// The record that leads to the current frame; the frame itself where there is none.
        var holder: UInt64
        /// The newest chunk; 0 where the thread has none.
        var address: UInt64
        /// Bytes of it that are copied: the less, the less time the thread has to change meanwhile.
        var size = 0

        /// `top`: where the free part of the chunk begins.
        mutating func fit(top: UInt64) {
            let used =
                top >= address
                ? Int(min(top - address, UInt64(StackReader.chunkSize))) : StackReader.chunkSize
            // It may be deeper again at the next look: less is copied only little by little.
            size = used > size ? used + used / 4 + 1024 : max(used + 1024, size - size / 64)
            size = min(StackReader.chunkSize, size & ~7)
        }
    }

    /// Where in a thread's state its frame and its newest chunk are, as one place to read. The chunk's address is followed
    /// by that of its free part, which only decides how much is copied.
    private struct StatePart {
        let start: UInt64
        let size: Int
        let frame: Int
        let chunk: Int

        init(frame: UInt64, chunk: UInt64) {
            start = min(frame, chunk)
            size = Int(max(frame + 8, chunk + 16) - start)
            self.frame = Int(frame - start)
            self.chunk = Int(chunk - start)
        }
    }

    private func chunkFrames(_ thread: ThreadState) -> Sample {
        guard let chunkField = layout.thread.chunk else { return .gone }
        let part = StatePart(frame: layout.thread.frame, chunk: chunkField)
        guard let expected = chunks[thread.address] ?? chunk(of: thread, part) else { return .gone }
        chunks[thread.address] = nil
        guard let sample = frames(of: thread, part, expected) else {
            // It is elsewhere now, or its chunk is gone.
            guard let found = chunk(of: thread, part) else { return .gone }
            return frames(of: thread, part, found) ?? .changed
        }
        return sample
    }

    /// As it is now; nil if the thread is gone.
    private func chunk(of thread: ThreadState, _ part: StatePart) -> Chunk? {
        reader.begin()
        guard let place = reader.add(thread.address &+ part.start, count: part.size), reader.read() else {
            return nil
        }
        var chunk = Chunk(
            holder: reader.word(place + part.frame), address: reader.word(place + part.chunk))
        chunk.fit(top: reader.word(place + part.chunk + 8))
        return chunk
    }

    /// Nil if it is not as expected, and nothing is known of it.
    private func frames(of thread: ThreadState, _ part: StatePart, _ expected: Chunk) -> Sample? {
        regions.removeAll(keepingCapacity: true)
        visited.removeAll(keepingCapacity: true)
        reader.begin()
        let state = thread.address &+ part.start
        let current = layout.thread.indirection.map { expected.holder &+ $0 }
        guard let first = reader.add(state, count: part.size),
            let before = current.map({ reader.add($0, count: 8) }) ?? first + part.frame,
            let copy = expected.address == 0 ? 0 : reader.add(expected.address, count: expected.size),
            let after = current.map({ reader.add($0, count: 8) }) ?? 0,
            let last = reader.add(state, count: part.size), reader.read()
        else { return nil }
        let (holder, chunk) = (reader.word(first + part.frame), reader.word(first + part.chunk))
        guard chunk == expected.address, current == nil || holder == expected.holder else { return nil }
        var next = expected
        next.holder = holder
        next.fit(top: reader.word(last + part.chunk + 8))
        if chunks.count >= Self.mostThreads { chunks = [:] }
        chunks[thread.address] = next
        let frame = reader.word(before)
        guard frame == reader.word(current == nil ? last + part.frame : after),
            chunk == reader.word(last + part.chunk),
            current == nil || holder == reader.word(last + part.frame)
        else { return .changed }
        if chunk != 0 { regions.append(Region(address: chunk, size: expected.size, place: copy)) }
        let copied = regions.count
        let walked = walk(from: frame)
        guard regions.count > copied else { return walked }
        // More was read after the copy: it counts if all of it is still so.
        return isStill(frame, at: current ?? (thread.address &+ layout.thread.frame)) ? walked : .changed
    }

    /// Whether the current frame and all frames that were found are as before, in one call. The current frame alone would
    /// not do: that of a generator often lies where that of the one before it lay.
    private func isStill(_ frame: UInt64, at current: UInt64) -> Bool {
        let first = reader.count
        guard let now = reader.add(current, count: 8) else { return false }
        var again: [Int] = []
        for region in regions {
            guard let place = reader.add(region.address, count: region.size) else { return false }
            again.append(place)
        }
        guard reader.read(from: first), reader.word(now) == frame else { return false }
        let fields = [Int(layout.frame.previous), Int(layout.frame.code)]
        return visited.allSatisfy { seen in
            let (old, new) = (regions[seen.region].place + seen.offset, again[seen.region] + seen.offset)
            return fields.allSatisfy { reader.word(old + $0) == reader.word(new + $0) }
        }
    }

    private func walk(from first: UInt64) -> Sample {
        var frames: [RawFrame] = []
        var address = first
        var steps = 0
        var owner: UInt8 = 3
        while address != 0 {
            steps += 1
            if frames.count >= Self.mostFrames || steps > 2 * Self.mostFrames {
                return .frames(frames, isCut: true)
            }
            guard let place = place(ofFrame: address) else { return .changed }
            let fields = layout.frame
            owner = fields.owner.map { reader.byte(place + Int($0)) } ?? 0
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
        // code called as the first frame of its thread looks the same, and is never seen. The frame by which C code calls a
        // generator lies where other calls have left what they like when it does not run.
        let isWhole = layout.frame.isEnteredByFrame ? owner >= 3 : owner != 1
        return isWhole ? .frames(frames, isCut: false) : .changed
    }

    /// Where the bytes of a frame are in the buffer: in the copy of the chunk, or in a page that is read now, as frames of
    /// generators and of older chunks.
    private func place(ofFrame address: UInt64) -> Int? {
        let size = layout.frame.size
        // What was read may be any number: nothing here may overflow.
        for (index, region) in regions.enumerated() where region.size >= size && address >= region.address {
            guard address - region.address <= UInt64(region.size - size) else { continue }
            let offset = Int(address - region.address)
            visited.append((index, offset))
            return region.place + offset
        }
        let page = address & ~4095
        let isInside = Int(address - page) + size <= 4096
        let region = (start: isInside ? page : address, size: isInside ? 4096 : size)
        guard let place = reader.more(region.start, count: region.size) else { return nil }
        visited.append((regions.count, Int(address - region.start)))
        regions.append(Region(address: region.start, size: region.size, place: place))
        return place + Int(address - region.start)
    }
}

/// Up to 3.10: frames are objects of the heap, each with the address of the one that called it. Read twice. A generator
/// without a caller has yielded, or ended, and runs again.
extension StackReader {
    private func heapFrames(_ thread: ThreadState) -> Sample {
        let state = thread.address &+ layout.thread.frame
        guard let (first, once) = chain(of: thread, state) else { return .gone }
        guard let once else { return .changed }
        let addresses = once.frames.map(\.address)
        if chains.count >= Self.mostThreads { chains = [:] }
        chains[thread.address] = addresses
        reader.begin()
        var places: [Int] = []
        for address in addresses {
            guard let place = reader.add(address, count: layout.frame.size) else { return .changed }
            places.append(place)
        }
        let oldest = once.end == 0 ? once.frames.last?.code ?? 0 : 0
        guard let last = reader.add(state, count: 8),
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

    /// Frames, the newest first. `end`: the address of the first one that was not read; 0 where none was left.
    private typealias Chain = (frames: [RawFrame], end: UInt64)

    /// The current frame, and what can be reached from it. The frames of the last look are read in the same call as the
    /// thread's state. Nil if the thread is gone; a chain of nil if a frame is.
    private func chain(of thread: ThreadState, _ state: UInt64) -> (first: UInt64, chain: Chain?)? {
        var places: [UInt64: Int] = [:]
        reader.begin()
        var known = reader.add(state, count: 8)
        for address in chains[thread.address] ?? [] {
            places[address] = reader.add(address, count: layout.frame.size)
        }
        if !reader.read() {
            // A frame of the last look is no memory any more.
            places = [:]
            reader.begin()
            known = reader.add(state, count: 8)
            guard reader.read() else { return nil }
        }
        guard let known else { return nil }
        let first = reader.word(known)
        var frames: [RawFrame] = []
        var address = first
        while address != 0, frames.count < Self.mostFrames {
            guard let place = places[address] ?? reader.more(address, count: layout.frame.size) else {
                return (first, nil)
            }
            let index = Int(Int32(bitPattern: reader.half(place + Int(layout.frame.instruction))))
            frames.append(
                RawFrame(
                    code: reader.word(place + Int(layout.frame.code)),
                    position: layout.frame.instructionKind == .unitIndex ? index * 2 : index,
                    address: address))
            address = reader.word(place + Int(layout.frame.previous))
        }
        return (first, (frames, address))
    }
}

/// Up to 3.10: frames are objects of the heap, each with the address of the one that called it. All that the
/// thread has used lately are read in one call, between two looks at which of them is the current one.
///
/// What was read is taken for a stack if the current frame is the same before and after, each frame on the
/// way to the oldest one is in use, and none of them is said to be its caller by a frame that is in use and
/// not on that way: then one of both was read late.
extension StackReader {
    /// How often frames that are not known yet are looked for; each time there may be others.
    private static let searches = 4

    func heapFrames(_ thread: ThreadState) -> Sample {
        if pools.count >= Self.mostThreads { pools = [:] }
        let pool = pools[thread.address] ?? FramePool()
        pools[thread.address] = pool
        for _ in 0..<Self.searches {
            guard let (first, base) = read(pool, of: thread) else {
                if pool.isEmpty { return .gone }
                // A frame's memory is gone, or the thread is.
                pool.forget()
                continue
            }
            guard let first else { return .changed }
            pool.begin()
            switch walk(from: first, in: pool, at: base) {
            case .sample(let sample): return sample
            case .unknown(let address): learn(from: address, pool)
            }
        }
        return .changed
    }

    /// The address of the current frame, nil if it is another one after the read; and where the copy of the
    /// first stretch is.
    private func read(_ pool: FramePool, of thread: ThreadState) -> (first: UInt64?, base: Int)? {
        let state = thread.address &+ layout.thread.frame
        reader.begin()
        guard let before = reader.add(state, count: 8) else { return nil }
        for stretch in pool.stretches {
            guard reader.add(stretch.address, count: stretch.size) != nil else { return nil }
        }
        guard let after = reader.add(state, count: 8), reader.read() else { return nil }
        let first = reader.word(before)
        return (first == reader.word(after) ? first : nil, before + 8)
    }

    /// What came of following the frames.
    private enum Walk {
        case sample(Sample)
        /// Of a frame that was not read.
        case unknown(UInt64)
    }

    private func walk(from first: UInt64, in pool: FramePool, at base: Int) -> Walk {
        let fields = layout.frame
        let offsets = pool.offsets
        var frames: [RawFrame] = []
        frames.reserveCapacity(32)
        var address = first
        while address != 0, frames.count < Self.mostFrames {
            guard let index = pool.index(of: address) else { return .unknown(address) }
            let place = base + offsets[index]
            guard pool.take(index), isInUse(place, hasCalled: !frames.isEmpty) else {
                return .sample(.changed)
            }
            let instruction = Int(Int32(bitPattern: reader.half(place + Int(fields.instruction))))
            frames.append(
                RawFrame(
                    code: reader.word(place + Int(fields.code)),
                    position: fields.instructionKind == .unitIndex ? instruction * 2 : instruction,
                    address: address))
            address = reader.word(place + Int(fields.previous))
        }
        for index in offsets.indices where !pool.isTaken(index) {
            let place = base + offsets[index]
            guard isInUse(place, hasCalled: false) else { continue }
            if let caller = pool.index(of: reader.word(place + Int(fields.previous))), pool.isTaken(caller) {
                return .sample(.changed)
            }
        }
        return .sample(.frames(frames, isCut: address != 0))
    }

    /// Whether the object whose bytes are at `place` is a frame in use. `hasCalled`: something runs on top of
    /// it, which may be a trace function that hears of its end.
    private func isInUse(_ place: Int, hasCalled: Bool) -> Bool {
        // The first word is the count of references: 0 in an object that waits for its next use.
        guard let use = layout.frame.use, reader.word(place) != 0 else { return false }
        let value = reader.byte(place + Int(use.offset))
        switch use.kind {
        case .flag: return value == 1
        case .state: return value == 0 || value == 2 || hasCalled && (value == 1 || value == 3)
        }
    }

    /// Adds a frame to the pool, and those that called it up to one that is known. They are read one by one:
    /// what they say counts only when all are read together.
    private func learn(from first: UInt64, _ pool: FramePool) {
        var found: [UInt64] = []
        var address = first
        while address != 0, pool.index(of: address) == nil, found.count < Self.mostFrames,
            let place = reader.more(address, count: layout.frame.size), isInUse(place, hasCalled: true),
            found.last != address
        {
            found.append(address)
            address = reader.word(place + Int(layout.frame.previous))
        }
        if !found.isEmpty { pool.add(found, size: layout.frame.size) }
    }
}

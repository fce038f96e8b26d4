import SystemPackage

extension ProcessStacks {
    /// Looks at every thread once, without stopping any. The process takes no part in it.
    package init(pid: Int32, image: InterpreterImage, procFS: ProcFS = ProcFS()) throws(AttachError) {
        let reader = StackReader(pid: pid, image: image)
        let look = Look(pid: pid, reader: reader, names: CodeNames(reader), procFS: procFS)
        guard let threads = look.threads() else { throw .targetGone(pid: pid) }
        self.init(pid: pid, version: image.version, threads: threads)
    }

    private struct Look {
        /// Whose memory is read.
        let pid: Int32
        /// Knows where threads and frames lie.
        let reader: StackReader
        /// Keeps what it has read: many frames run the same code.
        let names: CodeNames
        /// For the kernel's names and states of threads.
        let procFS: ProcFS

        /// nil if the process cannot be read any more. By thread id; those without one last.
        func threads() -> [ThreadStack]? {
            // The first thread may be starting or ending while they are listed.
            guard let states = reader.threads() ?? reader.threads() else { return nil }
            let numbers = ThreadNumbers(states, tasks: procFS.threadIDs(pid), memory: RemoteMemory(pid: pid))
            var gils: [UInt64: (holder: UInt64, place: UInt64)] = [:]
            for state in states where gils[state.interpreter] == nil {
                gils[state.interpreter] = reader.gil(of: state.interpreter)
            }
            let found = states.compactMap { thread($0, numbers.number(of: $0), gils[$0.interpreter]) }
            return found.sorted { ($0.id ?? .max) < ($1.id ?? .max) }
        }

        private func thread(
            _ state: StackReader.ThreadState, _ id: Int32?, _ gil: (holder: UInt64, place: UInt64)?
        ) -> ThreadStack? {
            guard let (frames, raw, isCut) = frames(of: state) else { return nil }
            let command = id.flatMap { try? procFS.text(pid, "task/\($0)/comm") } ?? ""
            let kernelName = String(command.prefix { $0 != "\n" })
            var thread = ThreadStack(
                id: id, name: name(id, frames, raw) ?? (id == nil ? "" : kernelName), command: kernelName,
                state: self.state(of: state, id, gil), frames: frames)
            thread.isCut = isCut
            thread.isUnreadable = raw == nil
            return thread
        }

        /// Nil if the thread is gone; `raw` is the oldest frame, nil if it could not be read.
        private func frames(of state: StackReader.ThreadState)
            -> (frames: [ThreadStack.Frame], raw: StackReader.RawFrame?, isCut: Bool)?
        {
            for _ in 0..<8 {
                switch reader.sample(state) {
                case .gone: return nil
                case .changed: continue
                case .frames(let raw, let isCut):
                    // A thread without frames runs no Python: one that ends, or waits to begin.
                    guard let last = raw.last else { return nil }
                    guard let names = names.names(raw.map(\.code)) else { continue }
                    let frames = raw.reversed().compactMap { frame -> ThreadStack.Frame? in
                        names[frame.code].map { name in
                            ThreadStack.Frame(
                                function: name.name, qualifiedName: name.qualifiedName, file: name.file,
                                line: name.line(at: frame.position))
                        }
                    }
                    return (frames, last, isCut)
                }
            }
            return ([], nil, false)
        }

        private func name(_ id: Int32?, _ frames: [ThreadStack.Frame], _ raw: StackReader.RawFrame?)
            -> String?
        {
            if id == pid { return "MainThread" }
            guard let raw, frames.first?.function == "_bootstrap" else { return nil }
            return ThreadNames(reader: reader.reader, names: names, layout: reader.image.layout).name(of: raw)
        }

        private func state(
            of state: StackReader.ThreadState, _ id: Int32?, _ gil: (holder: UInt64, place: UInt64)?
        ) -> ThreadStack.State {
            if let gil, gil.holder == state.address { return .hasGIL }
            guard let id else { return .waiting }
            if let gil, waits(id, at: gil.place) { return .waitsForGIL }
            let stat = (try? procFS.text(pid, "task/\(id)/stat")).flatMap { ProcessStat(line: $0) }
            return stat?.state == "R" ? .running : .waiting
        }

        /// Whether the thread is in a system call whose first argument lies in the GIL at `place`: futex(2) on a part
        /// of it.
        private func waits(_ id: Int32, at place: UInt64) -> Bool {
            guard let text = try? procFS.text(pid, "task/\(id)/syscall") else { return false }
            let fields = text.split(separator: " ")
            guard fields.count > 1, let address = UInt64(fields[1].dropFirst(2), radix: 16) else {
                return false
            }
            return address >= place && address - place < StackReader.gilSize
        }
    }
}

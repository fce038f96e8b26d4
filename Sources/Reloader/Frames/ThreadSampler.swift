/// Looks again and again at the threads of one process, without stopping any. The process takes no part in it.
package final class ThreadSampler {
    /// Which threads are looked at.
    package enum Choice: Sendable, Hashable {
        /// On a processor or ready for one.
        case onProcessor
        /// All that run Python.
        case all
        /// The one that holds the GIL.
        case gil
    }

    /// One thread at one moment.
    package struct Sample: Sendable {
        /// As gettid(2); nil where it is not known.
        package var id: Int32?
        /// Oldest first; empty where it could not be read.
        package var frames: [CodeName]
        /// It changed while it was read, each time that was tried: nothing is known of it.
        package var isTorn = false
    }

    /// What one look found.
    package struct Look: Sendable {
        /// Of the threads that were chosen and that run Python.
        package var samples: [Sample] = []
        /// Whether some thread held the GIL.
        package var isHeld = false
    }

    /// The process.
    package let pid: Int32
    /// As in "3.11".
    package let version: String
    private let choice: Choice
    private let reader: StackReader
    private let names: CodeNames
    private let procFS: ProcFS
    private var states: [StackReader.ThreadState] = []
    private var numbers: [UInt64: Int32] = [:]

    /// A thread that changes all the time is given up after as many tries, and counted.
    private static let tries = 4

    /// Reads nothing yet. `image`: what is known of the process's interpreter.
    package init(pid: Int32, image: InterpreterImage, choice: Choice, procFS: ProcFS = ProcFS()) {
        self.pid = pid
        version = image.version
        self.choice = choice
        self.procFS = procFS
        reader = StackReader(pid: pid, image: image)
        names = CodeNames(reader)
    }

    /// Nil if the threads cannot be read: one starts or ends at this moment, or the process is gone or another one.
    package func look() -> Look? {
        guard let found = reader.threads(), !found.isEmpty else { return nil }
        if found != states { learn(found) }
        var look = Look()
        var holders: [UInt64: UInt64] = [:]
        for interpreter in Set(found.map(\.interpreter)) {
            holders[interpreter] = reader.gil(of: interpreter)?.holder ?? 0
        }
        look.isHeld = holders.values.contains { $0 != 0 }
        for state in found where isChosen(state, holder: holders[state.interpreter] ?? 0) {
            if let sample = sample(state) { look.samples.append(sample) }
        }
        return look
    }

    private func learn(_ found: [StackReader.ThreadState]) {
        states = found
        let known = ThreadNumbers(found, tasks: procFS.threadIDs(pid), memory: RemoteMemory(pid: pid))
        numbers = [:]
        for state in found { numbers[state.address] = known.number(of: state) }
    }

    private func isChosen(_ state: StackReader.ThreadState, holder: UInt64) -> Bool {
        switch choice {
        case .all: return true
        case .gil: return holder == state.address
        case .onProcessor:
            guard let id = numbers[state.address], let stat = try? procFS.text(pid, "task/\(id)/stat")
            else { return false }
            return ProcessStat(line: stat)?.state == "R"
        }
    }

    /// Nil for a thread that is gone or runs no Python.
    private func sample(_ state: StackReader.ThreadState) -> Sample? {
        let id = numbers[state.address]
        for _ in 0..<Self.tries {
            switch reader.sample(state, tries: 1) {
            case .gone: return nil
            case .changed: continue
            case .frames(let raw, _):
                guard !raw.isEmpty else { return nil }
                guard let known = names.names(raw.map(\.code)) else { continue }
                return Sample(id: id, frames: raw.reversed().compactMap { known[$0.code] })
            }
        }
        return Sample(id: id, frames: [], isTorn: true)
    }
}

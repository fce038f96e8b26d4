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
        /// Oldest first, a number for each function, which `name` knows until the next look; empty where it could not
        /// be read.
        package var frames: [Int]
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
    private let list: ThreadList
    private let names: CodeNames
    private let procFS: ProcFS
    private let running: RunningThreads
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
        list = ThreadList(reader)
        names = CodeNames(reader)
        running = RunningThreads(pid: pid, procFS: procFS)
    }

    /// What a number of the last look means. Another function never has the same number.
    package func name(_ number: Int) -> CodeName { names.name(number) }

    /// Nil if the threads cannot be read: one starts or ends at this moment, or the process is gone or another one.
    package func look() -> Look? {
        guard let found = list.look() else { return nil }
        if found.states != states { learn(found.states) }
        var look = Look()
        look.isHeld = found.holders.contains { $0 != 0 }
        for state in found.states where isChosen(state, holders: found.holders) {
            if let sample = sample(state) { look.samples.append(sample) }
        }
        return look
    }

    private func learn(_ found: [StackReader.ThreadState]) {
        states = found
        running.forget()
        let known = ThreadNumbers(found, tasks: procFS.threadIDs(pid), memory: RemoteMemory(pid: pid))
        numbers = [:]
        for state in found { numbers[state.address] = known.number(of: state) }
    }

    private func isChosen(_ state: StackReader.ThreadState, holders: [UInt64]) -> Bool {
        switch choice {
        case .all: return true
        case .gil: return holders.contains(state.address)
        case .onProcessor:
            guard let id = numbers[state.address] else { return false }
            if let isRunning = running.isRunning(id) { return isRunning }
            // The number is an old one: a new thread has its state at the place of one that has ended.
            states = []
            list.forget()
            return false
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
                guard let known = names.numbers(raw.map(\.code)) else { continue }
                return Sample(id: id, frames: known.reversed())
            }
        }
        return Sample(id: id, frames: [], isTorn: true)
    }
}

import Glibc
import Profiles
import Reconciler
import Reloader

/// Samples of a process and of the Python processes below it, until the time is over, Ctrl-C, or all of them have ended.
final class PerfRun {
    /// What was asked for.
    struct Request: Sendable {
        var choice: ThreadSampler.Choice
        /// Looks in a second.
        var rate: Double
        /// Nil for no end.
        var seconds: Double?
        var workers: Workers
    }

    /// What came of it.
    struct Outcome: Sendable {
        var profile = Profile()
        /// In the order in which they were found, with their versions.
        var processes: [(pid: Int32, version: String)] = []
        /// Looks at a process.
        var looks = 0
        /// Samples that were dropped: the thread changed all the time.
        var torn = 0
        /// Looks that came too late to be had.
        var late = 0
        /// Looks that found the GIL held.
        var held = 0
        var nanoseconds: Int64 = 0
    }

    private struct Source {
        var sampler: ThreadSampler
        var failures = 0
        /// Where the functions of the sampler's numbers are in the profile.
        var places: [Int: Int] = [:]
        /// By the numbers of the threads.
        var threads: [Int32?: String] = [:]
    }

    private let request: Request
    private let warn: (String) -> Void
    private var sources: [Source] = []
    private var seen: Set<Int32> = []
    private var outcome = Outcome()

    /// A process that cannot be read as often in a row is given up.
    private static let mostFailures = 20
    private static let grace = Signals.Grace(milliseconds: 2000, status: .interrupted, farewell: "")

    /// Looks at nothing yet. `warn` is told of a worker that cannot be had.
    init(_ request: Request, warn: @escaping (String) -> Void) {
        self.request = request
        self.warn = warn
    }

    /// The chosen process must be had; one below it that cannot be had is named.
    func outcome(of pid: Int32, ready: () -> Void) throws(AttachError) -> Outcome {
        Signals.forward(grace: Self.grace) { _ in }
        try add(pid)
        addWorkers(below: pid)
        ready()
        let period = Int64(1e9 / request.rate)
        let start = Monotonic.now
        var (next, search) = (start, start + 1_000_000_000)
        while !Signals.isEnding, !sources.isEmpty {
            let now = Monotonic.now
            if let seconds = request.seconds, Double(now - start) >= seconds * 1e9 { break }
            look(at: now - start, period: period)
            if now >= search {
                addWorkers(below: pid)
                search = now + 1_000_000_000
            }
            next += period
            let late = (Monotonic.now - next) / period
            if late > 0 {
                outcome.late += Int(late) * sources.count
                next += late * period
            }
            wait(until: next)
        }
        outcome.nanoseconds = Monotonic.now - start
        return outcome
    }

    private func wait(until time: Int64) {
        while !Signals.isEnding {
            let left = time - Monotonic.now
            guard left > 0 else { return }
            Monotonic.nap(microseconds: Int(min(left, 50_000_000) / 1000 + 1))
        }
    }

    private func look(at time: Int64, period: Int64) {
        for index in sources.indices {
            guard let look = sources[index].sampler.look() else {
                sources[index].failures += 1
                continue
            }
            sources[index].failures = 0
            outcome.looks += 1
            if look.isHeld { outcome.held += 1 }
            for sample in look.samples {
                if sample.isTorn {
                    outcome.torn += 1
                } else {
                    add(sample, of: &sources[index], at: time, period: period)
                }
            }
        }
        sources.removeAll { source in
            guard source.failures > 0 else { return false }
            guard source.failures >= Self.mostFailures || kill(source.sampler.pid, 0) != 0 && errno == ESRCH
            else { return false }
            // It may have become another program (execve(2)), which is looked for as any other.
            seen.remove(source.sampler.pid)
            return true
        }
    }

    /// Of no function.
    private static let rootNumber = -1

    private func add(_ sample: ThreadSampler.Sample, of source: inout Source, at time: Int64, period: Int64) {
        let pid = source.sampler.pid
        var stack = [source.places[Self.rootNumber] ?? outcome.profile.place(of: Self.root(pid))]
        source.places[Self.rootNumber] = stack[0]
        for number in sample.frames {
            if let place = source.places[number] {
                stack.append(place)
                continue
            }
            let place = outcome.profile.place(of: Self.frame(source.sampler.name(number)))
            source.places[number] = place
            stack.append(place)
        }
        let thread =
            source.threads[sample.id]
            ?? "process \(pid), thread " + (sample.id.map(String.init) ?? "unknown")
        source.threads[sample.id] = thread
        outcome.profile.add(places: stack, thread: thread, at: time, period: period)
    }

    /// The box that all stacks of a process stand on.
    private static func root(_ pid: Int32) -> ProfileFrame {
        ProfileFrame(name: "process \(pid)", file: "", line: 0)
    }

    private static func frame(_ code: CodeName) -> ProfileFrame {
        ProfileFrame(name: code.qualifiedName, file: code.file, line: code.firstLine)
    }

    private func add(_ pid: Int32) throws(AttachError) {
        seen.insert(pid)
        let image = try LayoutCheck.image(pid: pid)
        sources.append(Source(sampler: ThreadSampler(pid: pid, image: image, choice: request.choice)))
        if !outcome.processes.contains(where: { $0.pid == pid }) {
            outcome.processes.append((pid, image.version))
        }
    }

    private func addWorkers(below pid: Int32) {
        guard let depth = request.workers.depth else { return }
        for relative in ProcessFamily().pythons(below: pid, depth: depth) where !seen.contains(relative.pid) {
            do throws(AttachError) { try add(relative.pid) } catch {
                guard SessionError.attach(error).isWorthTelling else { continue }
                warn(error.message)
            }
        }
    }
}

import Glibc
import Profiles
import Reconciler
import Reloader

/// Looks at the threads of a process and of the Python processes below it, also of those that come later.
final class ProcessSampler {
    /// Functions of all processes, each with a number.
    private(set) var names = FrameTable()
    /// In the order in which they were found, with their versions.
    private(set) var processes: [(pid: Int32, version: String)] = []
    /// Over all processes.
    private(set) var counts = Counts()
    /// The same for all processes.
    private let choice: ThreadSampler.Choice
    /// Which processes below the chosen one are looked for.
    private let workers: Workers
    /// Called on the thread that looks.
    private let warn: (String) -> Void
    /// Processes that are looked at; the chosen one is not always the first, if it has executed a program.
    private var sources: [Source] = []
    /// Processes that are not to be added again: those that are looked at, and those that could not be had.
    private var seen: Set<Int32> = []
    /// Processes that execute another program, and until when they may become one that can be looked at.
    private var awaited: [Int32: Int64] = [:]
    /// The process that was named; 0 before `open`.
    private var chosen: Int32 = 0
    private let procFS = ProcFS()

    /// What the looks found, besides stacks.
    struct Counts: Sendable {
        /// Looks at a process.
        var looks = 0
        /// Samples that were dropped: the thread changed all the time.
        var torn = 0
        /// Looks that came too late to be had.
        var late = 0
        /// Looks that found the GIL held.
        var held = 0
    }

    /// One process that is looked at, with what is kept between looks.
    private struct Source {
        /// Reads the process's memory; valid for one program of it.
        var sampler: ThreadSampler
        /// The program that runs in the process.
        var program: ProcessStat
        /// CLOCK_MONOTONIC in nanoseconds of the first look that failed, if none has succeeded since.
        var failing: Int64?
        /// Where the functions of the sampler's numbers are in `names`.
        var places: [Int: Int] = [:]
        /// By the numbers of the threads.
        var threads: [Int32?: String] = [:]
    }

    /// Nanoseconds for which a process that executes another program may be no interpreter.
    private static let patience: Int64 = 3_000_000_000
    /// Of no function.
    private static let rootNumber = -1
    /// `co_filename` of an agent's code.
    private static let agentFile = "<midflight>"

    /// Looks at nothing yet. `warn` is called for a worker that cannot be had.
    init(choice: ThreadSampler.Choice, workers: Workers, warn: @escaping (String) -> Void) {
        self.choice = choice
        self.workers = workers
        self.warn = warn
    }

    /// Whether all processes have ended.
    var isEmpty: Bool { sources.isEmpty && awaited.isEmpty }

    /// Whether some process could not be read at the last look.
    var isFailing: Bool { !awaited.isEmpty || sources.contains { $0.failing != nil } }

    /// The chosen process must be had; one below it that cannot be had is named.
    func open(_ pid: Int32) throws(AttachError) {
        chosen = pid
        try add(pid)
        addWorkers(below: pid)
    }

    /// Looks for processes that came.
    func addWorkers(below pid: Int32) {
        guard let depth = workers.depth else { return }
        for relative in ProcessFamily().pythons(below: pid, depth: depth) where !seen.contains(relative.pid) {
            do throws(AttachError) { try add(relative.pid) } catch {
                guard SessionError.attach(error).isWorthTelling else { continue }
                warn(error.message)
            }
        }
    }

    /// Counts looks that came too late, at every process.
    func miss(_ looks: Int) { counts.late += looks * sources.count }

    /// Looks at every process; `take` is given each stack, oldest first, as places in `names`, and its thread. `now`:
    /// CLOCK_MONOTONIC in nanoseconds.
    func look(now: Int64, _ take: ([Int], String) -> Void) {
        for index in sources.indices {
            guard let look = sources[index].sampler.look() else {
                sources[index].failing = sources[index].failing ?? now
                continue
            }
            sources[index].failing = nil
            counts.looks += 1
            if look.isHeld { counts.held += 1 }
            for sample in look.samples {
                if sample.isTorn {
                    counts.torn += 1
                    continue
                }
                let stack = stack(sample, of: &sources[index])
                if isAgent(stack) { continue }
                take(stack, thread(sample, of: &sources[index]))
            }
        }
    }

    /// Whether it is the thread of an agent, which is none of the program's: a string starts it.
    private func isAgent(_ stack: [Int]) -> Bool {
        stack.count > 2 && names.frames[stack[2]].file == Self.agentFile
            && names.frames[stack[1]].file == "<string>"
    }

    /// Leaves processes that have ended, and takes those again that execute another program. `now`: CLOCK_MONOTONIC in
    /// nanoseconds.
    func review(now: Int64) {
        sources.removeAll { source in
            let pid = source.sampler.pid
            // One that cannot be found has ended.
            let current = try? procFS.stat(pid)
            let failing = source.failing.map { now - $0 } ?? 0
            switch ProcessFate(was: source.program, now: current, failing: failing) {
            case .same: return false
            case .ended: seen.remove(pid)
            case .replaced: awaited[pid] = now + Self.patience
            case .unreadable: warn("process \(pid) cannot be read any more, and is left out")
            }
            return true
        }
        for (pid, deadline) in awaited {
            do throws(AttachError) {
                try add(pid)
                warn("process \(pid) executes another program, which is looked at from now on")
            } catch {
                let isGone = (try? procFS.stat(pid))?.hasEnded ?? true
                guard isGone || now >= deadline else { continue }
                if !isGone, pid == chosen || SessionError.attach(error).isWorthTelling {
                    warn(
                        "process \(pid) executes another program, which cannot be looked at: \(error.message)"
                    )
                }
            }
            awaited[pid] = nil
        }
    }

    /// Oldest first, on the box of its process. Names are read once for each function of a program.
    private func stack(_ sample: ThreadSampler.Sample, of source: inout Source) -> [Int] {
        let pid = source.sampler.pid
        var stack = [source.places[Self.rootNumber] ?? names.place(of: Self.root(pid))]
        source.places[Self.rootNumber] = stack[0]
        for number in sample.frames {
            if let place = source.places[number] {
                stack.append(place)
                continue
            }
            let place = names.place(of: Self.frame(source.sampler.name(number)))
            source.places[number] = place
            stack.append(place)
        }
        return stack
    }

    /// What the thread is called in a profile; made once.
    private func thread(_ sample: ThreadSampler.Sample, of source: inout Source) -> String {
        if let known = source.threads[sample.id] { return known }
        let id = sample.id.map(String.init) ?? "unknown"
        let thread = "process \(source.sampler.pid), thread \(id)"
        source.threads[sample.id] = thread
        return thread
    }

    /// The box that all stacks of a process stand on.
    private static func root(_ pid: Int32) -> ProfileFrame {
        ProfileFrame(name: "process \(pid)", file: "", line: 0)
    }

    /// By the function's first line: calls from several lines are one function.
    private static func frame(_ code: CodeName) -> ProfileFrame {
        ProfileFrame(name: code.qualifiedName, file: code.file, line: code.firstLine)
    }

    /// Throws if the process is no Python that can be read from outside.
    private func add(_ pid: Int32) throws(AttachError) {
        seen.insert(pid)
        // Before its memory is read: what is executed in between is noticed.
        let program = try? procFS.stat(pid)
        let image = try LayoutCheck.image(pid: pid)
        guard let program else { throw .noSuchProcess(pid: pid) }
        let sampler = ThreadSampler(pid: pid, image: image, choice: choice)
        sources.append(Source(sampler: sampler, program: program))
        processes.removeAll { $0.pid == pid }
        processes.append((pid, image.version))
    }
}

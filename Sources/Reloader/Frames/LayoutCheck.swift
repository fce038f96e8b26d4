/// Whether frames lie where we look for them: a child of ours with the program of the process is read from outside, and
/// says itself what its stack is.
package struct LayoutCheck {
    private static let tries = 100

    /// The frames that were read, and those that the child told; equal if all is well.
    struct Comparison: Sendable, Hashable {
        /// Newest first, by the layout that is checked; empty where the child could not be read.
        var read: [Row]
        /// In the same order; empty if the child's answer was not understood.
        var told: [Row]
    }

    /// Of one frame.
    struct Row: Sendable, Hashable {
        /// `co_filename`.
        var file: String
        /// `co_name`.
        var function: String
        /// The line that runs, from 1.
        var line: Int
    }

    /// What was read of the interpreter of process `pid`, if it can be trusted. A good answer is kept on disk, as
    /// compiled programs are. Throws what attaching would, and `layoutDiffers`.
    package static func image(pid: Int32, procFS: ProcFS = ProcFS()) throws(AttachError) -> InterpreterImage {
        let image = try InterpreterImage(pid: pid, procFS: procFS)
        let interpreter = InterpreterIdentity(pid: pid, procFS: procFS)
        let layout = String(describing: image.layout)
        if let interpreter, ProgramCache.standard?.holds(layout, for: interpreter) == true { return image }
        let comparison: Comparison
        do throws(TwinError) {
            comparison = try compare(try TwinLaunch(pid: pid, procFS: procFS), image.layout)
        } catch {
            throw .unsupportedBuild(pid: pid, .interpreterNotRunnable(error.description))
        }
        guard comparison.read == comparison.told, !comparison.told.isEmpty else {
            throw .unsupportedBuild(pid: pid, .layoutDiffers(version: image.version))
        }
        if let interpreter { ProgramCache.standard?.keep(layout, for: interpreter) }
        return image
    }

    /// Starts the child and reads it, for a second at most: it tells its stack just before it begins to wait.
    static func compare(_ launch: TwinLaunch, _ layout: FrameLayout) throws(TwinError) -> Comparison {
        let child = try ChildInterpreter(launch)
        try child.load([0, 0, 0, 0] + PackageResources.witness_py, timeout: CompilerTwin.limit)
        let request = MarshalValue.tuple(["stack"]).marshalled
        let answer = try CompilerTwin.items(
            of: try child.ask(request, timeout: CompilerTwin.limit), named: "stack")
        let told = (answer.last?.items ?? []).compactMap { Row($0) }
        var read: [Row] = []
        for _ in 0..<tries {
            read = rows(of: child.pid, layout)
            if read == told { break }
            Monotonic.nap(microseconds: 10_000)
        }
        return Comparison(read: read, told: told)
    }

    private static func rows(of pid: Int32, _ layout: FrameLayout) -> [Row] {
        // Errors are nothing to tell apart: whatever it is, the child cannot be read.
        guard var image = try? InterpreterImage(pid: pid) else { return [] }
        image.layout = layout
        let threads = (try? ProcessStacks(pid: pid, image: image))?.threads
        guard let thread = threads?.first(where: { $0.id == pid }) else { return [] }
        return thread.frames.reversed().map { Row(file: $0.file, function: $0.function, line: $0.line) }
    }
}

extension LayoutCheck.Row {
    /// nil unless it is a file, a function and a line.
    init?(_ value: MarshalValue) {
        guard let parts = value.items, parts.count == 3, let file = parts[0].text,
            let function = parts[1].text,
            let line = parts[2].integer
        else { return nil }
        self.init(file: file, function: function, line: line)
    }
}

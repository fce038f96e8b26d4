/// The compiler twin of all processes whose interpreters are equal: started when it is first needed, and again when it
/// has ended. Services of several threads may share it: one after the other asks it.
package final class SharedTwin {
    /// Which program it is, and whose account runs it; nil where that cannot be told.
    package let interpreter: InterpreterIdentity?
    private let settings: Settings
    /// Whose turn it is to read and write what follows.
    private let turn = Turn()
    private var starting: TwinProcess?
    private var twin: CompilerTwin?
    private var compiled: CompiledPrograms?

    /// Our programs as its interpreter compiled them, here or for an earlier midflight.
    package var known: CompiledPrograms? { turn.take { compiled } }

    /// What of the target decides how code must be compiled.
    package struct Settings: Sendable, Hashable {
        /// `sys.flags.optimize`.
        package var optimize = 0
        /// False with `-X no_debug_ranges` (3.11+).
        package var hasDebugRanges = true

        /// Makes the settings of an interpreter that was started without options.
        package init(optimize: Int = 0, hasDebugRanges: Bool = true) {
            self.optimize = optimize
            self.hasDebugRanges = hasDebugRanges
        }
    }

    /// Whether what `other` compiles may be used for the processes of this one: it is the same interpreter, run for
    /// the same account, with the same settings. False where the interpreter is not known.
    package func compilesLike(_ other: SharedTwin) -> Bool {
        self === other || interpreter != nil && interpreter == other.interpreter && settings == other.settings
    }

    /// `starts`: the interpreter is started now, and nobody waits until it is there. Throws `notAnInterpreter` and
    /// `noInterpreter` as `TwinLaunch` does.
    package init(target: Target, starts: Bool = false) throws(TwinError) {
        let launch = try TwinLaunch(pid: target.pid)
        // Before anything else: what we do meanwhile takes less long than its start.
        var child: ChildInterpreter?
        if starts { child = try ChildInterpreter(launch) }
        interpreter = InterpreterIdentity(target: target)
        settings = Settings()
        compiled = interpreter.flatMap { ProgramCache.standard?.programs(for: $0) }
        // One that has ended meanwhile is started again when it is asked, as any other.
        if let child = child.take() { starting = try? TwinProcess(child, known: compiled) }
    }

    private init(like other: SharedTwin, settings: Settings) {
        interpreter = other.interpreter
        compiled = other.known
        self.settings = settings
    }

    /// Itself if it compiles with these settings, else another one.
    package func with(_ settings: Settings) -> SharedTwin {
        settings == self.settings ? self : SharedTwin(like: self, settings: settings)
    }

    /// What was compiled earlier is not for the interpreter that runs: it is compiled again.
    package func forget() { turn.take { forgetAll() } }

    private func forgetAll() {
        compiled = nil
        starting = nil
        twin = nil
    }

    /// Waits for the interpreter unless they are known.
    package func programs(for target: Target) throws(TwinError) -> CompiledPrograms {
        if let known { return known }
        return try ask(for: target) { (twin) in twin.programs }
    }

    /// `target`: any process with this interpreter; it is started from there.
    package func ask<Value>(
        for target: Target, _ body: (borrowing CompilerTwin) throws(TwinError) -> Value
    ) throws(TwinError) -> Value {
        try turn.take { () throws(TwinError) in
            do throws(TwinError) {
                return try attempt(target, body)
            } catch {
                switch error {
                case .died, .mismatch: forgetAll()
                case .notAnInterpreter, .frozen, .noInterpreter, .cannotStart, .tooSlow, .wrongAnswer:
                    throw error
                }
            }
            return try attempt(target, body)
        }
    }

    private func attempt<Value>(
        _ target: Target, _ body: (borrowing CompilerTwin) throws(TwinError) -> Value
    ) throws(TwinError) -> Value {
        let taken: CompilerTwin
        if let running = twin.take() { taken = running } else { taken = try start(target) }
        do throws(TwinError) {
            let value = try body(taken)
            twin = consume taken
            return value
        } catch {
            switch error {
            case .wrongAnswer: twin = consume taken
            case .died, .tooSlow, .mismatch, .notAnInterpreter, .frozen, .noInterpreter, .cannotStart: break
            }
            throw error
        }
    }

    private func start(_ target: Target) throws(TwinError) -> CompilerTwin {
        let begun: TwinProcess
        if let starting = starting.take() { begun = starting } else { begun = try process(for: target) }
        let twin = try CompilerTwin(begun)
        if compiled == nil, let interpreter { ProgramCache.standard?.store(twin.programs, for: interpreter) }
        compiled = twin.programs
        return twin
    }

    private func process(for target: Target) throws(TwinError) -> TwinProcess {
        var launch = try TwinLaunch(pid: target.pid)
        launch.debugRanges = settings.hasDebugRanges
        return try TwinProcess(launch, optimize: settings.optimize, known: compiled)
    }
}

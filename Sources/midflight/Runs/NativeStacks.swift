import ArgumentParser
import Glibc

/// Stacks with C functions: py-spy's, because unwinding them is a craft of its own.
enum NativeStacks {
    /// Never returns: this process becomes py-spy.
    static func show(pid: Int32, json: Bool, color: ColorOptions) throws -> Never {
        try become(["dump", "--native", "--pid", String(pid)] + (json ? ["--json"] : []))
    }

    /// Never returns: this process becomes py-spy with these arguments.
    static func become(_ words: [String]) throws -> Never {
        var arguments = (["py-spy"] + words).map { strdup($0) } + [nil]
        execvp("py-spy", &arguments)
        let problem = errno
        guard problem == ENOENT else {
            throw ValidationError("py-spy cannot be run: \(SystemError(problem)).")
        }
        throw ValidationError("--native needs py-spy, and there is none on PATH. Get it: pip install py-spy")
    }
}

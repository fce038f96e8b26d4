package import SystemPackage

/// Why the compiler twin gave no answer. None of these concerns the target: nothing was changed in it.
package enum TwinError: Error, Sendable, Hashable {
    /// The program is not named like a Python interpreter, and shows no sign of a Python in it.
    case notAnInterpreter(String)
    /// It carries its modules and its Python inside of itself, as PyInstaller makes it: no source of them can be saved.
    case frozen(String)
    /// It embeds a Python whose own interpreter is not installed.
    case noInterpreter(host: String, wanted: String)
    /// What the fork or execve(2) said; EPERM where only root could become the target's user.
    case cannotStart(Errno)
    /// It ended or closed its pipes; a new one can be started.
    case died
    /// The time that it was given.
    case tooSlow(milliseconds: Int64)
    /// It is another interpreter than the target's.
    case mismatch(expected: Int, found: Int)
    /// It speaks otherwise than we do: a fault of ours.
    case wrongAnswer(ProtocolError)
}

extension TwinError: CustomStringConvertible {
    /// What went wrong, without a full stop.
    package var description: String {
        switch self {
        case .notAnInterpreter(let name):
            "\(name) is not a Python interpreter, so it is not started to compile"
        case .frozen(let name):
            "\(name) is a frozen program: it carries its modules inside of itself and reads no source file"
        case .noInterpreter(let host, let wanted):
            "\(host) embeds Python, and the interpreter to compile with, \(wanted), is not installed"
        case .cannotStart(.notPermitted):
            "the target's interpreter cannot be started to compile as the target's user and in its file tree: run midflight as root"
        case .cannotStart(let errno): "the target's interpreter cannot be started to compile: \(errno)"
        case .died: "the interpreter that compiles for midflight ended"
        case .tooSlow(let limit): "the interpreter that compiles for midflight did not answer in \(limit) ms"
        case .mismatch(let expected, let found):
            "the interpreter to compile with is \(Self.version(found)), the target is \(Self.version(expected))"
        case .wrongAnswer(let error):
            "the interpreter that compiles for midflight gave a wrong answer: \(error)"
        }
    }

    private static func version(_ hex: Int) -> String {
        "\(hex >> 24).\(hex >> 16 & 0xff).\(hex >> 8 & 0xff)"
    }
}

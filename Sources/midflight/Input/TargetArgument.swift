import ArgumentParser
import Glibc
import Reloader
import SystemPackage

/// A process as it is named on the command line: `4121`, `port:8000`, `name:uvicorn`.
struct TargetArgument: Sendable {
    /// What `--help` says of it.
    static let help =
        "The process: PID, port:8000, name:uvicorn, cmdline:REGEX, pidfile:PATH, container:NAME or unit:NAME."

    /// How the process is found.
    let selector: Selector

    /// Says what is wrong with it.
    init(_ text: String) throws {
        let (kind, value) =
            text.firstIndex(of: ":").map { (text[..<$0], String(text[text.index(after: $0)...])) }
            ?? ("pid", text)
        func number<Number: FixedWidthInteger>(_ what: String) throws -> Number {
            guard let number = Number(value), number > 0 else {
                throw ValidationError("\(what), and '\(value.sanitized)' is none.")
            }
            return number
        }
        func words() throws -> String {
            guard !value.isEmpty else { throw ValidationError("There is nothing behind '\(kind):'.") }
            return value
        }
        switch kind {
        case "pid": selector = .pid(try number("A pid is a positive number"))
        case "port": selector = .port(try number("A port is a number from 1 to 65535"))
        case "name": selector = .name(try words())
        case "pidfile": selector = .pidfile(WorkingDirectory.absolute(try words()))
        case "container": selector = .container(try words())
        case "unit": selector = .unit(try words())
        case "cmdline":
            guard (try? Regex(try words())) != nil else {
                throw ValidationError("'\(value.sanitized)' is no regular expression.")
            }
            selector = .cmdline(value)
        default:
            throw ValidationError(
                "There is no '\(String(kind).sanitized):'. Name the process by pid, port, name, cmdline, pidfile, "
                    + "container or unit.")
        }
    }

    /// The one process that is meant; ends with status 4 where that is none, or several.
    func pid(_ color: ColorOptions) throws -> Int32 {
        if case .pid(let pid) = selector { return pid }
        let found = candidates
        if found.count == 1 { return found[0] }
        let style = color.style(for: STDERR_FILENO)
        let what = "\(selector)".sanitized
        guard !found.isEmpty else {
            Terminal.standardError("\(style.mark(.failed)) no process is found by \(what)\n")
            Terminal.standardError("  \(style.arrow) see them all: midflight ps\n")
            throw ExitStatus.noSuchProcess
        }
        Terminal.standardError("\(style.mark(.failed)) \(found.count) processes are found by \(what)\n")
        let table = ProcessTable.all().filter { found.contains($0.pid) }
        Terminal.standardError(ProcessTable.text(table, style: style))
        Terminal.standardError("  \(style.arrow) name one by its pid\n")
        throw ExitStatus.noSuchProcess
    }

    /// A program that waits for us has our words on its own command line, and an editor has the program's: neither is meant.
    private var candidates: [Int32] {
        let ancestors = ProcessChoice.ancestors()
        let found = selector.processes(except: getpid()).filter { !ancestors.contains($0) }
        guard found.count > 1 else { return found }
        let pythons = Set(ProcessTable.all().map(\.pid))
        return found.contains(where: pythons.contains) ? found.filter(pythons.contains) : found
    }
}

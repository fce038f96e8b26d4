import Foundation
import TestSupport

/// One edit of Tests/AgentTests/scenarios; scenario.py describes the form.
struct Scenario: Sendable {
    struct Line: Sendable {
        var versions: Set<Int>
        var text: String
    }

    var title: String
    var files: [(name: String, lines: [Line])] = [("shop.py", [])]
    var flags: [String: String] = [:]
    var preparation: [String] = []
    /// An expression, and its value before and after each save.
    var questions: [[String]] = []
    /// Reason ids by save.
    private var reasons: [Int: [String]] = [:]

    init(title: String) { self.title = title }

    var saves: Int {
        files.contains {
            $0.lines.contains { $0.versions != [1, 2, 3] && !Self.single.contains($0.versions) }
        } ? 2 : 1
    }
    var modules: [String] { files.map { String($0.name.dropLast(3)) } }
    var options: [String] { ["strict", "force", "keep-caches"].filter { flags[$0] != nil } }

    func source(of file: Int, version: Int) -> String {
        var lines = files[file].lines.filter { $0.versions.contains(version) }.map(\.text)
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { $0 + "\n" }.joined()
    }

    func reasons(after save: Int) -> [String] { reasons[save] ?? [] }

    func runs(on interpreter: Interpreter) -> Bool {
        guard let wanted = flags["python"] else { return true }
        let minor = Int(interpreter.version.split(separator: ".")[1]) ?? 0
        let bound = Int(wanted.split(separator: ".").last ?? "") ?? 0
        return wanted.hasPrefix("<") ? minor < bound : minor >= bound
    }

    private static let single: [Set<Int>] = [[1], [2, 3]]
    private static let marks: [String: Set<Int>] = [
        "  ": [1, 2, 3], "- ": [1], "+ ": [2, 3], "~ ": [2], "^ ": [1, 3], "* ": [3],
    ]

    mutating func read(_ line: String) throws {
        let mark = line.padding(toLength: 2, withPad: " ", startingAt: 0)
        let rest = String(line.dropFirst(2))
        switch mark {
        case "% ":
            let parts = rest.split(separator: " ", maxSplits: 1).map(String.init)
            flags[parts[0]] = parts.count > 1 ? parts[1] : ""
        case "@ ": files.append((rest, []))
        case ": ": preparation.append(rest)
        case "? ": questions.append(rest.components(separatedBy: " => "))
        case "! ": reasons[saves] = rest.split(separator: " ").map(String.init)
        case "!1": reasons[1] = rest.split(separator: " ").map(String.init)
        default:
            guard let versions = Self.marks[mark] else { throw TestSupportError.badAnswer(line) }
            files[files.count - 1].lines.append(Line(versions: versions, text: rest))
        }
    }
}

extension Scenario {
    static let folder = Checkout.file("Tests/AgentTests/scenarios")

    static let frameworks = Checkout.file("Tests/AgentTests/frameworks")

    /// Those of a folder, in the order of its files.
    static func all(in folder: URL = folder) throws -> [Scenario] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.filter { $0.hasSuffix(".txt") }.sorted().flatMap { name in
            try scenarios(in: String(contentsOf: folder.appending(path: name), encoding: .utf8))
        }
    }

    private static func scenarios(in text: String) throws -> [Scenario] {
        var found: [Scenario] = []
        for line in text.components(separatedBy: "\n") {
            if line.hasPrefix("== ") {
                found.append(Scenario(title: String(line.dropFirst(3))))
            } else if !found.isEmpty {
                try found[found.count - 1].read(line)
            }
        }
        return found
    }
}

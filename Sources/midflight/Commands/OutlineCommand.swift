import ArgumentParser
import SourceDiff

/// `midflight outline`: what the scanner sees in a file.
struct OutlineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outline", abstract: "Print the functions and classes that files define.",
        discussion: "Exit status: 0, or 1 if a file could not be read or scanned.")

    @Flag(help: "Print a JSON object for each file (schema pyscan/1).") var json = false
    @Argument(help: "Python source files.") var files: [String]

    /// Goes on after a file that cannot be read; the status tells of it at the end.
    func run() throws {
        var failed = false
        for file in files {
            let result = SourceFile.outline(file)
            if case .failure = result { failed = true }
            Terminal.standardOutput(json ? jsonLine(file, result) : tree(file, result))
        }
        if failed { throw ExitStatus.notApplied }
    }

    /// One line for each definition, indented by its depth. A failure goes to standard error.
    private func tree(_ file: String, _ result: Result<Outline, SourceFile.Failure>) -> String {
        switch result {
        case .failure(let failure):
            Terminal.standardError("\(failure.description)\n")
            return ""
        case .success(let outline):
            var depths: [Int] = []
            return "\(file.sanitized)\n"
                + outline.definitions.map { definition -> String in
                    let depth = definition.parent.map { depths[$0] + 1 } ?? 1
                    depths.append(depth)
                    let indent = String(repeating: "  ", count: depth)
                    return "\(indent)\(definition.kind.word) \(definition.name.sanitized)  "
                        + "\(definition.firstLine)-\(definition.endLine)\n"
                }.joined()
        }
    }

    /// A failure is a line too, with `ok` false.
    private func jsonLine(_ file: String, _ result: Result<Outline, SourceFile.Failure>) -> String {
        var members: [(String, JSON)] = [("schema", .string("pyscan/1")), ("file", .string(file))]
        switch result {
        case .failure(let failure):
            members += [("ok", .bool(false)), ("error", .string(failure.description)), ("defs", .array([]))]
        case .success(let outline):
            members += [
                ("ok", .bool(true)), ("error", .null), ("defs", .array(outline.definitions.map(Self.object))),
            ]
        }
        return JSON.object(members).line + "\n"
    }

    /// A definition as pyscan/1 has it: lines from 1, -1 for no parent.
    private static func object(_ definition: Definition) -> JSON {
        .object([
            ("qualname", .string(definition.qualname)), ("occ", .integer(definition.occurrence)),
            ("kind", .string(definition.kind.schemaWord)), ("parent", .integer(definition.parent ?? -1)),
            ("first_line", .integer(definition.firstLine)), ("def_line", .integer(definition.defLine)),
            ("body_line", .integer(definition.bodyLine)), ("end_line", .integer(definition.endLine)),
            (
                "doc",
                definition.docstringLines.map { .array([.integer($0.lowerBound), .integer($0.upperBound)]) }
                    ?? .null
            ),
        ])
    }
}

extension Definition.Kind {
    /// As in source.
    var word: String {
        switch self {
        case .function: "def"
        case .asyncFunction: "async def"
        case .class: "class"
        }
    }

    /// As in the schemas pyscan/1 and pydiff/1.
    var schemaWord: String {
        switch self {
        case .function: "function"
        case .asyncFunction: "async"
        case .class: "class"
        }
    }
}

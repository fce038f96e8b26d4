import Foundation

let usage = """
    SourceDiffBenchmark                                                 all tables, over python3's standard library
    SourceDiffBenchmark outline [--ruff PATH] [--python PATH] DIRECTORY…   full outlines against other parsers
    SourceDiffBenchmark saves                                           one-function saves
    SourceDiffBenchmark shapes                                          hostile inputs, 1 and 10 MB
    SourceDiffBenchmark memory FILE                                     peak memory of one outline
    SourceDiffBenchmark slices DIRECTORY…                               every slice, for check-slices.py
    """

func option(_ name: String, from arguments: inout [String]) -> String? {
    guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
    defer { arguments.removeSubrange(index...index + 1) }
    return arguments[index + 1]
}

/// The first program of that name in PATH.
func program(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").map { "\($0)/\(name)" }.first(
        where: FileManager.default.isExecutableFile)
}

func showAll() {
    guard let python = program("python3") else {
        print("no python3 in PATH: name directories with `outline`")
        exit(1)
    }
    let library = output(python, ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"])
    OutlineTable(corpus: Corpus(roots: [library]), ruff: program("ruff"), python: python).show()
    print("")
    SaveTable.show()
    print("")
    ShapeTable.show()
}

var arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.isEmpty ? "" : arguments.removeFirst() {
case "": showAll()
case "outline":
    let ruff = option("--ruff", from: &arguments)
    let python = option("--python", from: &arguments)
    OutlineTable(corpus: Corpus(roots: arguments), ruff: ruff, python: python).show()
case "saves": SaveTable.show()
case "shapes": ShapeTable.show()
case "peak": arguments.forEach(ShapeTable.showPeak)
case "memory": arguments.forEach(ShapeTable.showMemory)
case "slices": SliceDump.write(Corpus(roots: arguments))
default:
    print(usage)
    exit(2)
}

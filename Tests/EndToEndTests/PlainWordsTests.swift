import ArgumentParser
import Testing

@testable import midflight

/// What is read of the fields of a command, so that two of them can be compared.
private func fields(_ command: any ParsableCommand) throws -> String {
    switch command {
    case let list as ListCommand: return "ps \(list.json) \(list.color.color) \(list.color.noColor)"
    case let module as ModuleCommand:
        return "module \(module.options.target.selector) \(module.file) \(module.json) \(module.color.color) "
            + "\(module.color.noColor)"
    case let reload as ReloadCommand:
        return "reload \(reload.options.target.selector) \(reload.names) \(reload.json) \(reload.verbose) "
            + "\(reload.traceTiming) \(reload.patching.options) \(reload.color.color) \(reload.color.noColor)"
    default: return "\(command)"
    }
}

@Suite("Words that are understood without the parser")
struct PlainWordsTests {
    @Test(
        "mean what the parser makes of them",
        arguments: [
            "ps", "ps --json", "module 12 a.py", "module --json port:80 ./a.py", "module 12 a.py --json",
            "reload 12 shop total", "reload 12 shop Outer.Inner total --json", "reload --json name:x m f",
        ])
    func same(line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let plain = try #require(PlainWords.command(words))
        #expect(try fields(plain) == fields(Midflight.parseAsRoot(words)))
    }

    @Test(
        "are not all others, which the parser explains",
        arguments: [
            "", "ps -h", "--json ps", "ps x", "ps --json --json", "module", "module 12", "module 0 a.py",
            "module x:1 a.py",
            "module 12 a.py b.py", "module -- 12 a.py", "reload 12 m", "reload 12 a b c d",
            "reload 12 m f -v",
            "reload 12 m f --force", "reload --help", "watch", "12", "12 --cmd x", "--version",
        ])
    func others(line: String) {
        #expect(PlainWords.command(line.split(separator: " ").map(String.init)) == nil)
    }
}

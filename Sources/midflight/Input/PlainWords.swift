import ArgumentParser

/// Commands that programs call at every edit, where their words are the usual ones: `ps`, `module PID FILE` and `reload PID
/// MODULE [CLASS] METHOD`, with `--json` or without. The parser takes two milliseconds to look at the types of the options
/// that are not there.
enum PlainWords {
    /// Nil for all other words: the parser has its say.
    static func command(_ words: [String]) -> (any ParsableCommand)? {
        guard words.first != "--json" else { return nil }
        let names = words.filter { $0 != "--json" }
        guard words.count - names.count <= 1, !names.contains(where: { $0.isEmpty || $0.hasPrefix("-") })
        else { return nil }
        let json = names.count < words.count
        switch (names.first, names.count) {
        case ("ps", 1):
            var command = ListCommand()
            command.json = json
            command.color = .usual
            return command
        case ("module", 3):
            guard let target = try? TargetArgument(names[1]) else { return nil }
            var command = ModuleCommand()
            (command.options, command.file, command.json) = (TargetOptions(target), names[2], json)
            command.color = .usual
            return command
        case ("reload", 4...5):
            guard let target = try? TargetArgument(names[1]) else { return nil }
            var command = ReloadCommand()
            (command.options, command.names, command.json) = (TargetOptions(target), Array(names[2...]), json)
            (command.verbose, command.traceTiming) = (false, false)
            command.patching = .usual
            command.color = .usual
            return command
        default: return nil
        }
    }
}

extension TargetOptions {
    fileprivate init(_ target: TargetArgument) {
        self.init()
        self.target = target
    }
}

extension ColorOptions {
    fileprivate static var usual: Self {
        var options = Self()
        (options.color, options.noColor) = (.auto, false)
        return options
    }
}

extension PatchingFlags {
    fileprivate static var usual: Self {
        var flags = Self()
        (flags.keepCaches, flags.force, flags.strict, flags.atomic) = (false, false, false, false)
        return flags
    }
}

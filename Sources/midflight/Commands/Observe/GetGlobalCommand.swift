import ArgumentParser
import Reloader

/// `midflight getglobal`: a global of a module, or an attribute of a class.
struct GetGlobalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "getglobal",
        abstract: "Show a global of a module, or an attribute of a class, in a running process.",
        discussion: """
            The expression may use `target`, the value itself. Nothing of the program runs: no __repr__, no property, \
            no call, unless --raw or --allow-calls is given.
            Exit status: 0 shown, 1 not there or refused (the text says why), 4-8 as with attach, 130 interrupted.
            """)

    @OptionGroup var target: TargetOptions
    @Argument(help: ArgumentHelp("MODULE [CLASS] FIELD; CLASS may be dotted.", valueName: "name"))
    var names: [String]
    @OptionGroup var options: LookOptions

    func validate() throws {
        guard names.count == 2 || names.count == 3 else {
            throw ValidationError("Give MODULE FIELD, or MODULE CLASS FIELD.")
        }
    }

    func run() throws {
        let pid = try target.target.pid(options.color)
        let subject = Look.Subject.value(
            module: names[0], className: names.count == 3 ? names[1] : nil, field: names[names.count - 1])
        let look = options.look(subject, expression: "target", depth: 2)
        try LookRun(pid: pid, look: look, options: options).run()
    }
}

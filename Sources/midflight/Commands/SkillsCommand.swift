import ArgumentParser

/// `midflight skills`: what coding agents need to know of midflight.
struct SkillsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skills", abstract: "Teach coding agents to use midflight.",
        subcommands: [SkillsInstallCommand.self])
}

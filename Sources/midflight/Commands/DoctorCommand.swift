import ArgumentParser
import Glibc
import Reconciler
import Reloader
import SystemPackage

/// `midflight doctor`: what stands in the way of patching a process, and the line that mends it.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Say what stands in the way of patching a process, or any on this machine, and what mends it.",
        discussion:
            "Touches no process. Exit status: 0 nothing stands in the way, 1 something does, 4 no such process."
    )

    @Argument(
        help: ArgumentHelp(stringLiteral: TargetArgument.help), transform: { try TargetArgument($0) })
    var target: TargetArgument?
    @Flag(help: "One JSON object.") var json = false
    @OptionGroup var color: ColorOptions

    func run() throws {
        let pid = try target?.pid(color)
        let findings: [Finding]
        if let pid {
            guard let found = Diagnosis.findings(of: pid) else {
                let error = SessionError.attach(.noSuchProcess(pid: pid))
                Terminal.standardError(
                    EventText(style: color.style(for: STDERR_FILENO), isVerbose: false).lines(.refused(error))
                )
                throw ExitStatus.noSuchProcess
            }
            findings = found
        } else {
            findings = Diagnosis.findings(here: WorkingDirectory.path)
        }
        let text =
            json
            ? FindingList.object(findings, pid: pid).line + "\n"
            : FindingList.text(findings, style: color.style(for: STDOUT_FILENO))
        Terminal.standardOutput(text)
        if findings.contains(where: { $0.verdict == .fail }) { throw ExitStatus.notApplied }
    }
}

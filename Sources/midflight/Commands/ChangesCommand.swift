import ArgumentParser
import Reconciler
import SourceDiff
import SystemPackage

/// `midflight changes`: what the differ sees between two versions of a file.
struct ChangesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "changes", abstract: "Print which definitions differ between two versions of a file.",
        discussion: "Exit status: 0, or 1 if a file could not be read or scanned.")

    @Flag(help: "Print a JSON object for each pair (schema pydiff/1).") var json = false
    @Option(
        help: ArgumentHelp(
            "Read pairs from a file: one JSON object {\"id\", \"old\", \"new\"} a line; other members are ignored.",
            valueName: "jobs"))
    var batch: String?
    @Argument(help: ArgumentHelp("The old file and the new one.", valueName: "old new")) var files: [String] =
        []

    /// Two files or a list of jobs, never both.
    func validate() throws {
        guard files.count == (batch == nil ? 2 : 0) else {
            throw ValidationError("Give an OLD and a NEW file, or --batch JOBS.")
        }
    }

    /// Goes on after a file that cannot be read; the status tells of it at the end.
    func run() throws {
        var failed = false
        for job in try jobs() {
            let result = compare(job)
            if case .failure = result { failed = true }
            Terminal.standardOutput(json ? ChangeSetJSON.line(id: job.id, result) : text(job, result))
        }
        if failed { throw ExitStatus.notApplied }
    }

    /// One pair of files to compare.
    struct Job {
        /// A string or a number; repeated in the answer.
        var id: JSON
        /// A path, relative to the working directory.
        var old: String
        /// A path; also the head of the text form.
        var new: String
    }

    /// The pair of the command line, or one for each line of the batch file that is not blank. Throws with
    /// the line's number at the first one that is no job.
    private func jobs() throws -> [Job] {
        guard let batch else { return [Job(id: .string(files[1]), old: files[0], new: files[1])] }
        let bytes: [UInt8]
        do {
            bytes = try SourceReader.read(FilePath(batch), limit: SourceFile.sizeLimit)
        } catch {
            throw ValidationError("\(batch.sanitized): \(error.message)")
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return try lines.enumerated().compactMap { number, line in
            if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { return nil }
            guard let job = Self.job(String(decoding: line, as: UTF8.self)) else {
                throw ValidationError(
                    "\(batch.sanitized):\(number + 1): not a JSON object with id, old and new")
            }
            return job
        }
    }

    /// Members of other names are left to those who wrote them.
    private static func job(_ line: String) -> Job? {
        guard let object = JSONReader.value(of: line), let id = object["id"], let old = object["old"]?.text,
            let new = object["new"]?.text
        else { return nil }
        switch id {
        case .string, .integer, .number: return Job(id: id, old: old, new: new)
        case .null, .bool, .array, .object: return nil
        }
    }

    /// Fails with the first file that cannot be read or scanned.
    private func compare(_ job: Job) -> Result<ChangeSet, SourceFile.Failure> {
        SourceFile.outline(job.old).flatMap { old in
            SourceFile.outline(job.new).map { ChangeSet(from: old, to: $0) }
        }
    }

    /// A failure goes to standard error, and gives no text.
    private func text(_ job: Job, _ result: Result<ChangeSet, SourceFile.Failure>) -> String {
        switch result {
        case .failure(let failure):
            Terminal.standardError("\(failure.description)\n")
            return ""
        case .success(let changes):
            let head = "\(job.new.sanitized): \(changes.summary)\n"
            let definitions = changes.definitions.map { change in
                "  \(change.qualname.sanitized)\(change.occurrence == 0 ? "" : " #\(change.occurrence)")  "
                    + "\(change.aspects)\n"
            }
            let statements = changes.statements.map { change in
                "  \(change.scope.isEmpty ? "" : "\(change.scope.sanitized): ")\(change.kind) "
                    + "\(change.names.joined(separator: ", ").sanitized)  \(change.change)\n"
            }
            return head + definitions.joined() + statements.joined()
        }
    }
}

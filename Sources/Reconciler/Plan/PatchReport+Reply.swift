package import Reloader

extension PatchReport {
    /// After the agent has answered.
    package init(_ files: [FilePlan], reply: PatchReply) {
        self.init(files: files.map(\.file))
        pause = reply.pause
        searchedHeap = reply.searchedHeap
        if let rejected = reply.rejected {
            self.rejected = [Rejected(files, rejected)]
            return
        }
        keepPlanned(files)
        for entry in reply.applied {
            guard let (file, subject) = Self.subject(entry.change, in: files) else { continue }
            applied.append(
                Applied(
                    name: file.name(subject.name), file: file.file, line: subject.line, kind: subject.kind,
                    change: subject.change, activeFrames: entry.activeFrames))
        }
        kept += reply.kept.map { Remark(files, $0, otherwise: .notSupportedYet) }
        let news = reply.failed.filter { !$0.isKnown }
        if applied.isEmpty, kept.isEmpty, !news.isEmpty {
            isKeptByChange = true
            let causes = news.filter { $0.cause.reason != ReasonID.needsKept.rawValue }
            rejected = (causes.isEmpty ? news : causes).map { Rejected(files, $0.cause) }
        }
        for failure in news {
            let remark = Remark(files, failure)
            if !kept.contains(remark) { kept.append(remark) }
        }
        notes += reply.notes.map { Remark(files, $0, otherwise: .notAtomic) }
    }

    /// Nothing was sent: everything of the plans stays out.
    package init(keeping files: [FilePlan]) {
        self.init(files: files.map(\.file))
        keepPlanned(files)
    }

    /// The twin could not compile something.
    package init(_ files: [FilePlan], problems: [CompilerTwin.Problem]) {
        self.init(files: files.map(\.file))
        rejected = problems.map { problem in
            let reason = ReasonID(rawValue: problem.reason) ?? .syntax
            return Rejected(
                reason: reason, file: files.first { $0.codeFile == problem.file }?.file ?? problem.file,
                line: problem.line, column: problem.column, endColumn: problem.endColumn,
                message: "\(problem.type): \(problem.message)", text: problem.text, action: reason.action)
        }
    }

    /// What stays out by the plan alone; nobody has asked the process about it.
    private mutating func keepPlanned(_ files: [FilePlan]) {
        for file in files {
            kept += file.plan.kept.map { kept in
                Remark(
                    name: file.name(kept.name), file: file.file, line: kept.line, reason: kept.reason,
                    message: kept.message, action: kept.reason.action)
            }
        }
    }

    /// nil for a change that no plan has, as an answer of another version might name.
    fileprivate static func subject(_ change: Int, in files: [FilePlan]) -> (FilePlan, PatchPlan.Subject)? {
        for file in files {
            if let subject = file.plan.subjects[change] { return (file, subject) }
        }
        return nil
    }
}

extension PatchReport.Remark {
    /// `fallback`: for a reason id that this midflight does not know. A place that the agent names itself counts more than
    /// the plan's.
    init(_ files: [FilePlan], _ remark: PatchReply.Remark, otherwise fallback: ReasonID) {
        let reason = ReasonID(rawValue: remark.reason) ?? fallback
        let found = remark.change.flatMap { PatchReport.subject($0, in: files) }
        let followers = reason == .enumMembers ? found?.1.followers ?? [] : []
        let told = found.map { $0.0.name(([$0.1.name] + followers).joined(separator: ", ")) }
        self.init(
            name: told ?? "", file: found?.0.file ?? files.first?.file ?? "",
            line: found?.1.line ?? 1, reason: reason,
            message: remark.message.isEmpty ? reason.message : remark.message, action: reason.action,
            count: remark.count)
        if let place = remark.place { (name, file, line) = (place.name, place.file, place.line) }
    }
}

extension PatchReport.Remark {
    /// A change that cannot go in.
    init(_ files: [FilePlan], _ failure: PatchReply.Failed) {
        let reason = ReasonID(rawValue: failure.cause.reason) ?? .verifyFailed
        let found = PatchReport.subject(failure.change, in: files)
        self.init(
            name: found.map { $0.0.name($0.1.name) } ?? "", file: found?.0.file ?? files.first?.file ?? "",
            line: found?.1.line ?? 1, reason: reason,
            message: failure.cause.message.isEmpty ? reason.message : failure.cause.message,
            action: reason.action)
        if failure.cause.line > 0 { line = failure.cause.line }
    }
}

extension PatchReport.Rejected {
    /// The column is not known: the agent tells lines only.
    init(_ files: [FilePlan], _ rejected: PatchReply.Rejected) {
        let reason = ReasonID(rawValue: rejected.reason) ?? .verifyFailed
        self.init(
            reason: reason, file: files.first { $0.codeFile == rejected.file }?.file ?? rejected.file,
            line: rejected.line, column: 0, message: rejected.message, text: "", action: reason.action)
    }
}

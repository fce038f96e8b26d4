extension WatchCore {
    /// Decides what is due.
    mutating func applyDue(now: Moment) {
        if let poll = nextPoll, poll <= now { self.poll(now: now) }
        guard let next = waiting.nextDue, next <= now else { return }
        let due = waiting.takeDue(now: now)
        for (file, look) in due.looks {
            switch look.reason {
            case .stillOpen: candidates.add(file, .stillOpen)
            case .unfinished(let reason): candidates.add(file, reason, attempt: look.attempt)
            }
        }
        for removal in due.removals { confirm(removal, now: now) }
        for directory in due.directories { drop(directory, now: now) }
    }

    /// The 50 ms are over: the file is reported as removed unless its path leads to something again.
    private mutating func confirm(_ removal: Waiting.Removal, now: Moment) {
        // What came back under the name was told by its own event.
        if (try? FileStatus.read(removal.path, followLinks: true)) != nil { return }
        if tree.path(of: removal.file) == removal.path { forget(removal.file) }
        report(removal.path, .removed, now: now)
    }

    /// Reads every file of the burst and reports those that are finished and new.
    mutating func settle(now: Moment) {
        var settled: [BytePath: FileKey] = [:]
        for candidate in candidates.takeAll() {
            guard let path = tree.path(of: candidate.file) else { continue }
            if let first = settled.updateValue(candidate.file, forKey: path) {
                // Another root shows the same file; reading it once is enough.
                copyContent(from: first, to: candidate.file)
                continue
            }
            waiting.cancelRemoval(at: path)
            switch candidate.reason {
            case .saved: settleContent(candidate, at: path, now: now)
            case .stillOpen: settleOpen(candidate, at: path, now: now)
            case .created, .found: settleFound(candidate, at: path, now: now)
            }
        }
    }

    /// Gives the file of one root what was just learnt of the same path in another, so that both know the
    /// reported content.
    private mutating func copyContent(from first: FileKey, to other: FileKey) {
        guard let known = tree[first.directory]?.files[first.name] else { return }
        tree.know(other)
        tree.update(other) { $0.digest = known.digest }
    }

    /// Nobody said that it is finished: it is if nobody is writing.
    private mutating func settleFound(_ candidate: Candidates.Candidate, at path: BytePath, now: Moment) {
        guard let status = try? FileStatus.read(path, followLinks: true), status.kind == .regular else {
            if tree.isKnown(candidate.file) { settleContent(candidate, at: path, now: now) }
            return
        }
        // Its CLOSE_WRITE will come.
        if candidate.reason == .created && status.identity.size == 0 { return }
        if WriterProbe.hasWriterNow(path) {
            waiting.lookAgain(at: candidate, now: now)
        } else {
            tree.know(candidate.file)
            settleContent(candidate, at: path, now: now)
        }
    }

    /// Reads the file and reports it if its content is new. Unfinished content is put off only while somebody
    /// has the file open for writing: a broken file that nobody writes to is reported as it is.
    private mutating func settleContent(_ candidate: Candidates.Candidate, at path: BytePath, now: Moment) {
        let file = candidate.file
        do throws(FileReadError) {
            let content = try FileReader.read(path, limit: options.sizeLimit)
            let digest = content.digest
            guard isNew(digest, file) else { return }
            if !options.isComplete(path.filePath, content.bytes) && WriterProbe.hasWriter(path) {
                waiting.lookAgain(at: candidate, now: now)
                return
            }
            accept(content.identity, digest, file, at: path, now: now)
        } catch {
            switch error {
            case .missing:
                if tree.isKnown(file) { waiting.expectRemoval(of: file, at: path, now: now) }
            case .unstable:
                waiting.lookAgain(at: candidate, now: now)
            case .notRegular, .tooBig, .unreadable:
                // Its reader will say why it cannot be used.
                tree.update(file) { $0.digest = nil }
                report(path, .modified, now: now)
            }
        }
    }

    /// Still for 600 ms, but a writer has it: reported if it is something finished.
    private mutating func settleOpen(_ candidate: Candidates.Candidate, at path: BytePath, now: Moment) {
        guard let content = try? FileReader.read(path, limit: options.sizeLimit), !content.bytes.isEmpty
        else {
            return
        }
        let digest = content.digest
        guard isNew(digest, candidate.file), options.isComplete(path.filePath, content.bytes) else { return }
        accept(content.identity, digest, candidate.file, at: path, now: now)
    }

    /// Whether the content differs from what was reported last. Everything is new for a file with no digest.
    private func isNew(_ digest: Int, _ file: FileKey) -> Bool {
        tree[file.directory]?.files[file.name]?.digest != digest
    }

    /// Reports the content and remembers it. A file that was replaced has another inode, and the watch of its
    /// own stayed with the old one: it gets a new watch.
    private mutating func accept(
        _ identity: FileIdentity, _ digest: Int, _ file: FileKey, at path: BytePath, now: Moment
    ) {
        report(path, .modified, now: now)
        let known = tree[file.directory]?.files[file.name]
        tree.update(file) {
            $0.digest = digest
            $0.inode = identity.inode
        }
        if known?.inode != identity.inode || known?.watch == nil { watchFile(file) }
    }
}

extension StableFile {
    /// Equal contents have equal digests, within this process.
    var digest: Int {
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(bytes.count)
        return hasher.finalize()
    }
}

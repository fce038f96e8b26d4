/// What depends on names outside the tree.
enum Subject: Hashable, Sendable {
    /// Its path, or the links in it, may lead elsewhere.
    case root(RootID)
    /// A symbolic link in the tree.
    case link(FileKey)
}

/// The directories above roots and behind symbolic links, and what to look at again when a name in them changes.
struct AnchorTable: Sendable {
    /// One name in one directory above a root or behind a link.
    struct Anchor: Hashable, Sendable {
        /// Of the directory that the name stands in.
        let watch: WatchID
        /// What has to come, go or be replaced for the subject to be looked at again; other names in the
        /// directory do not matter.
        let name: EntryName
    }

    /// For events: who depends on which name in which watched directory.
    private var subjects: [WatchID: [EntryName: Set<Subject>]] = [:]
    /// The same from the other side, so that a subject's old names are found when it gets new ones.
    private var anchors: [Subject: Set<Anchor>] = [:]

    /// Each once, in no order.
    var watches: some Sequence<WatchID> { subjects.keys }

    /// Whether the kernel's watch has to stay because of an anchor; the tree may need it besides.
    func isUsed(_ watch: WatchID) -> Bool { subjects[watch] != nil }

    /// What `event` concerns: by its name, or all that pass through the directory if the event is about itself.
    func subjects(of event: SourceEvent) -> Set<Subject> {
        guard let watch = event.watch, let names = subjects[watch] else { return [] }
        if let name = event.name { return names[name] ?? [] }
        return names.values.reduce(into: []) { $0.formUnion($1) }
    }

    /// Replaces what `subject` depends on; returns the watches that no subject uses any more.
    mutating func set(_ new: Set<Anchor>, for subject: Subject) -> [WatchID] {
        let old = anchors[subject] ?? []
        anchors[subject] = new.isEmpty ? nil : new
        for anchor in new { subjects[anchor.watch, default: [:]][anchor.name, default: []].insert(subject) }
        for anchor in old.subtracting(new) { remove(anchor, of: subject) }
        return Set(old.map(\.watch)).filter { !isUsed($0) }
    }

    /// The kernel dropped the watch.
    mutating func forget(_ watch: WatchID) {
        subjects[watch] = nil
        for (subject, own) in anchors { anchors[subject] = own.filter { $0.watch != watch } }
    }

    /// Takes out entries that become empty, so that `isUsed` is right.
    private mutating func remove(_ anchor: Anchor, of subject: Subject) {
        subjects[anchor.watch]?[anchor.name]?.remove(subject)
        if subjects[anchor.watch]?[anchor.name]?.isEmpty == true {
            subjects[anchor.watch]?[anchor.name] = nil
        }
        if subjects[anchor.watch]?.isEmpty == true { subjects[anchor.watch] = nil }
    }
}

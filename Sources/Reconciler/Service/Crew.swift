import Reloader
import SystemPackage

/// The processes of a service as one: who they are, which files they have loaded, and what users call these files.
///
/// Shared by the parts of a service (`Service`, `Upkeep`), on the thread of its loop.
final class Crew {
    /// How these processes are treated.
    let options: SessionOptions
    /// Who they are.
    var roster = Roster<Member>()
    /// Which files are the program's own. Empty until the service begins.
    private(set) var scope = FirstParty(roots: [], standardLibrary: nil)
    /// Stale mounts that users were told about.
    private var mounts = StaleMounts()

    /// Has nobody yet.
    init(options: SessionOptions) { self.options = options }

    /// Takes the chosen processes; the first one says which files are the program's own.
    func begin(_ chosen: [Connection], _ first: Connection) {
        scope = FirstParty(
            inventory: first.inventory, directories: options.directories, paths: first.paths)
        for connection in chosen { roster.add(Member(connection, parent: nil, in: scope)) }
    }

    /// In the order in which they joined; the chosen ones first.
    var members: [Member] { roster.members }

    /// The users whose processes these are.
    var owners: Set<UInt32> {
        // A process that has ended has no owner any more.
        Set(members.compactMap { (try? $0.target.procFS.status($0.pid))?.userIDs.first })
    }

    /// What to poll: readable once a process has ended.
    var descriptors: [Int32] { members.map(\.target.pidfd) }

    /// The agent of `member` stays for a while: the next save may follow at once.
    func use(_ member: Member) { member.stay(options.quietPeriod, now: Monotonic.now) }

    /// The same, after it was given what was saved.
    func useSaved(_ member: Member) {
        member.hasNewSaves = true
        use(member)
    }

    // MARK: Files

    /// Whether a process has loaded the file.
    func isLoaded(_ path: FilePath) -> Bool { members.contains { $0.files[path] != nil } }

    /// Extensions, and files in archives, that processes have loaded.
    var compiled: [FilePath] {
        members.flatMap { member in
            let directory = FilePath(member.connection.inventory.workingDirectory)
            return member.connection.inventory.compiled.map { resolved(directory.pushing(FilePath($0))) }
        }
    }

    /// All files that a process has loaded, sorted.
    var loaded: [FilePath] { Set(members.flatMap(\.files.keys)).sorted { $0.string < $1.string } }

    /// Without symbolic links.
    func resolved(_ path: FilePath) -> FilePath {
        members.first?.paths.resolved(path) ?? ModuleFile.resolved(path)
    }

    /// What users are shown for the file.
    func display(_ path: FilePath) -> String {
        members.lazy.compactMap { $0.files[path]?.display }.first ?? scope.display(path)
    }

    /// What is told, once for each file, of processes that keep another one than is saved. `paths`: nil for all.
    func staleMounts(_ paths: [FilePath]?) -> [SessionEvent] {
        guard let member = members.first else { return [] }
        return mounts.new(of: paths, in: member).map { stale in
            .staleMount(file: display(stale.path), mounted: stale.spelled)
        }
    }
}

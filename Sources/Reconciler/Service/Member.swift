import Glibc
import Reloader
import SystemPackage
import Watcher

/// A process of a service: our hold on it, and what it runs of each of the service's files.
final class Member {
    /// The process with its agent and compiler twin.
    let connection: Connection
    /// What brought it in; the first member of a service has no parent among the members.
    let parent: Int32?
    /// What the process runs of each of its files.
    var files: FileStates = [:]
    /// What it ran before each burst.
    var history = History()
    /// CLOCK_MONOTONIC in nanoseconds: when its agent leaves if nothing is asked of it; nil while none is there.
    var leaveTime: Int64?
    /// Facts of the process that hold for every save, and were told with one.
    var toldReasons: Set<ReasonID> = []
    /// CLOCK_MONOTONIC in nanoseconds: when to look which modules it has imported since.
    var looks: [Int64] = []
    /// Something was saved since copies of its files were looked for.
    var hasNewSaves = false
    /// The look for them, as long as the agent is at it.
    var copyLook: CopyLook?

    /// What `calls` and `trace` have recorded of it.
    var calls = CallMemory()

    /// Has the files of `scope` that the process has loaded, without their baselines.
    init(_ connection: Connection, parent: Int32?, in scope: FirstParty) {
        self.connection = connection
        self.parent = parent
        files = Self.loadedFiles(of: connection.inventory, in: scope, paths: connection.paths)
    }

    /// The process.
    var target: Target { connection.target }
    /// Our conversation with it.
    var agent: AgentSession { connection.agent }
    /// Its number.
    var pid: Int32 { target.pid }
    /// How its paths and ours lead to each other.
    var paths: ProcessPaths { connection.paths }

    /// First-party source files among an inventory's modules. `named`: looks at no others. `also`: files that somebody
    /// asks for, wherever they lie.
    static func loadedFiles(
        of inventory: Inventory, in scope: FirstParty, paths: ProcessPaths,
        named: ((FilePath.Component) -> Bool)? = nil, also: Set<FilePath> = []
    ) -> [FilePath: FileState] {
        let workingDirectory = FilePath(inventory.workingDirectory)
        var found: [FilePath: FileState] = [:]
        // The library's modules are many, and resolving their links is most of the work.
        let modules = inventory.modules.filter { module in
            if also.isEmpty, scope.isLibrary(module.file, isHere: paths.isPlain) { return false }
            guard let named else { return true }
            return FilePath(module.file).lastComponent.map(named) ?? true
        }
        for file in ModuleFile.group(modules, workingDirectory: workingDirectory, paths: paths) {
            let spelled = workingDirectory.pushing(FilePath(file.spelling)).lexicallyNormalized()
            let names = paths.isPlain ? [spelled, file.path] : [file.path]
            let known = names.first(where: scope.contains) ?? (also.contains(file.path) ? file.path : nil)
            // Outside of the program's directories there is also what was loaded out of an archive, or is gone.
            let isPlaced = known.map { scope.isBelowRoot($0) && !file.modules.isEmpty } ?? false
            guard let known, isPlaced || access(file.path.string, R_OK) == 0 else { continue }
            found[file.path] = FileState(file: file, display: scope.display(known))
        }
        return found
    }

    /// What users see for a `co_filename`.
    func display(ofCode path: String) -> String {
        files.values.first { $0.file.codePath == path }?.display ?? path
    }

    /// A program that has just begun imports most of its modules in its first seconds. `uptime`: seconds.
    func expectImports(after uptime: Int) {
        guard uptime < 5 else { return }
        let now = Monotonic.now
        looks = [200, 700, 2000, 6000].map { now + $0 * 1_000_000 }
    }

    // MARK: Moments

    /// Milliseconds until its agent leaves or its modules are looked at; nil for never.
    func timeout(now: Int64) -> Int64? {
        [leaveTime, looks.first].compactMap { $0 }.min().map { Monotonic.milliseconds(until: $0, now: now) }
    }

    /// Whether the agent's time is over.
    func isToLeave(now: Int64) -> Bool { leaveTime.map { $0 <= now } == true }
    /// Whether its modules are to be looked at now.
    func isToLook(now: Int64) -> Bool { looks.first.map { $0 <= now } == true }

    /// Its agent, if it is there, stays for `period` milliseconds.
    func stay(_ period: Int64, now: Int64) {
        leaveTime = agent.isAttached ? now + period * 1_000_000 : nil
    }

    /// The agent is gone when this returns.
    func leave() {
        agent.letGo()
        leaveTime = nil
        copyLook = nil
        hasNewSaves = false
    }

    /// One function has the code of the saved file now, the others have what they had.
    func noteReload(of file: String?) {
        for (path, state) in files where state.file.spelling == file || path.string == file {
            // A file that cannot be read is not what the process runs either.
            if state.baseline?.bytes != (try? SourceReader.read(path)) {
                files[path]?.baseline = nil
                files[path]?.partial = nil
            }
        }
    }
}

extension Member: RosterProcess {
    /// Its pidfd tells: a later process with the same pid is another one.
    var hasEnded: Bool { !target.isSame }
}

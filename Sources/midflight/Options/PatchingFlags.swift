import ArgumentParser
import Reloader

/// How changes are applied, for every command that applies some.
struct PatchingFlags: ParsableArguments {
    @Flag(help: "Keep what lru_cache has stored when the cached function changes.") var keepCaches = false
    @Flag(help: "Apply a new signature although another object has read the old one.") var force = false
    @Flag(help: "Refuse new code that uses a global name which does not exist.") var strict = false
    @Flag(help: "Apply nothing of a save if one of its changes cannot go in.") var atomic = false

    /// The same for the agent and its plan.
    var options: PatchOptions {
        PatchOptions(keepCaches: keepCaches, force: force, strict: strict, atomic: atomic)
    }
}

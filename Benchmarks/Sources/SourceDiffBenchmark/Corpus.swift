import Foundation

/// The Python files below some directories, in memory.
struct Corpus {
    var paths: [String] = []
    var texts: [[UInt8]] = []

    var byteCount: Int { texts.reduce(0) { $0 + $1.count } }

    /// `roots`: directories, or files with one path a line.
    init(roots: [String]) {
        for root in roots {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: root, isDirectory: &isDirectory) else { continue }
            if isDirectory.boolValue {
                let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
                paths += names.filter { $0.hasSuffix(".py") }.sorted().map { root + "/" + $0 }
            } else {
                paths += String(decoding: Self.read(root), as: UTF8.self).split(separator: "\n").map(
                    String.init)
            }
        }
        texts = paths.map(Self.read)
    }

    static func read(_ path: String) -> [UInt8] {
        FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
    }
}

/// CPU seconds of this thread.
func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The smallest CPU time of `rounds` runs, in seconds.
func best(of rounds: Int, _ body: () -> Void) -> Double {
    var best = Double.infinity
    for _ in 0..<rounds {
        let start = threadSeconds()
        body()
        best = min(best, threadSeconds() - start)
    }
    return best
}

/// User and system seconds of a finished child, nil if it could not be started.
func childSeconds(_ executable: String, _ arguments: [String], environment: [String: String] = [:]) -> Double?
{
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    var before = rusage()
    getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &before)
    do { try process.run() } catch { return nil }
    process.waitUntilExit()
    var after = rusage()
    getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &after)
    return seconds(after.ru_utime) + seconds(after.ru_stime) - seconds(before.ru_utime)
        - seconds(before.ru_stime)
}

private func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

/// What a child prints, trimmed; empty if it could not be started.
func output(_ executable: String, _ arguments: [String]) -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.standardOutput = pipe
    do { try process.run() } catch { return "" }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
}

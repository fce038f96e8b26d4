import Foundation

/// What may not differ in a target after midflight has left.
package struct ProcessFacts: Sendable, Equatable {
    /// Names of the threads, sorted.
    package var threads: [String]
    /// Open descriptors as `number=kind`, inode numbers left out, sorted.
    package var descriptors: [String]
    /// Executable mappings that no file backs.
    package var anonymousExecutableMaps: Int
    /// 0: nobody traces it.
    package var tracer: Int32

    package init(of pid: Int32) throws {
        let files = FileManager.default
        threads = try files.contentsOfDirectory(atPath: "/proc/\(pid)/task").compactMap {
            try? String(contentsOfFile: "/proc/\(pid)/task/\($0)/comm", encoding: .utf8)  // ended meanwhile
        }.sorted()
        descriptors = try files.contentsOfDirectory(atPath: "/proc/\(pid)/fd").compactMap { number in
            guard let link = try? files.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(number)") else {
                return nil
            }
            return number + "=" + link.filter { !$0.isNumber }
        }.sorted()
        let maps = try String(contentsOfFile: "/proc/\(pid)/maps", encoding: .utf8)
        anonymousExecutableMaps = maps.split(separator: "\n").count { line in
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            return fields.count == 5 && fields[1].contains("x")
        }
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        tracer =
            status.split(separator: "\n").first { $0.hasPrefix("TracerPid:") }
            .flatMap { Int32($0.dropFirst("TracerPid:".count).filter(\.isNumber)) } ?? 0
    }
}

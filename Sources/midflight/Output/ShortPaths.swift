/// Paths by as many of their last names as tell them from each other.
struct ShortPaths {
    /// By the whole path.
    private var shown: [String: String] = [:]

    /// For these paths only.
    init(_ paths: [String]) {
        let paths = Set(paths)
        var length = 1
        var left = paths
        while !left.isEmpty {
            let groups = Dictionary(grouping: left) { Self.end(of: $0, names: length) }
            for (short, same) in groups where same.count == 1 || length > 50 {
                for path in same { shown[path] = length > 50 ? path : short }
            }
            left = left.filter { shown[$0] == nil }
            length += 1
        }
    }

    /// The path itself if it is not one of them.
    func short(_ path: String) -> String { shown[path] ?? path }

    /// The last `names` components; the whole path if it has fewer.
    private static func end(of path: String, names: Int) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).suffix(names).joined(separator: "/")
    }
}

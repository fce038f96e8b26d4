/// What the twin is asked to compile. A request of many files goes to it in parts, each of which it answers: what is
/// limited is its silence, not its work.
extension CompilerTwin {
    /// Bytes of source. A part has at least one file, and ends with the file that reaches this.
    static let partSize = 200_000

    /// The request by which the agent compares live code with these files, and the files that do not compile.
    package func compareRequest(_ files: [Baseline]) throws(TwinError) -> (
        request: [UInt8], problems: [Problem]
    ) {
        for part in Part.list(of: files, size: Self.partSize, \.source.count) {
            let list = part.files.map { file in
                [
                    "path": .string(file.path), "paths": .strings(file.paths),
                    "modules": .strings(file.modules), "source": .bytes(file.source),
                ] as MarshalValue
            }
            let answer = try ask(
                .tuple(["compare", .list(list), .bool(part.isFirst), .bool(part.isLast)]), named: nil)
            if !part.isLast, answer == ["part"] { continue }
            guard part.isLast, answer.count == 3, answer[0] == "request", let request = answer[1].data else {
                break
            }
            return (request, (answer[2].items ?? []).compactMap(Problem.init))
        }
        throw .wrongAnswer(.unexpected("compare"))
    }

    /// Compiles a burst: the request by which the agent applies it, or why it does not compile.
    ///
    /// Slices are tried first where a file has them. If one does not compile, the whole files of its part are
    /// compiled, and what they say counts. `around`: statements that did not change.
    package func patchRequest(
        _ files: [FileEdit], options: PatchOptions = PatchOptions(), around: [Around] = []
    ) throws(TwinError) -> Preparation {
        for part in Part.list(of: files, size: Self.partSize, \.weight) {
            let hasSlices = part.files.contains { $0.slices != nil }
            switch try patch(part, options, around, whole: !hasSlices) {
            case .part: continue
            case .prepared(let prepared): return prepared
            case .needsWhole: break
            }
            switch try patch(part, options, around, whole: true) {
            case .part: continue
            case .prepared(let prepared): return prepared
            case .needsWhole: throw .wrongAnswer(.unexpected("patch"))
            }
        }
        throw .wrongAnswer(.unexpected("patch"))
    }

    /// What the twin says to a part of a burst.
    enum PartAnswer {
        /// It is compiled, and the next one is expected.
        case part
        /// The last one is compiled too.
        case prepared(Preparation)
        /// A slice does not compile alone.
        case needsWhole
    }

    /// Sends one part of a request. `whole`: files are compiled as a whole though slices are known. The
    /// surroundings go with the last part.
    func patch(
        _ part: Part<FileEdit>, _ options: PatchOptions, _ around: [Around] = [], whole: Bool
    ) throws(TwinError) -> PartAnswer {
        let content: MarshalValue = [
            "files": .list(part.files.map { $0.message(whole: whole) }),
            "is_first": .bool(part.isFirst), "is_last": .bool(part.isLast),
            "keep_caches": .bool(options.keepCaches), "force": .bool(options.force),
            "strict": .bool(options.strict), "dry_run": .bool(options.dryRun),
            "atomic": .bool(options.atomic),
            "around": .list(part.isLast ? around.map(\.message) : []),
        ]
        let answer = try ask(.tuple(["patch", content]), named: nil)
        switch answer.first {
        case "part": if !part.isLast { return .part }
        case "request":
            if part.isLast, answer.count == 3, let request = answer[1].data {
                return .prepared(.request(request))
            }
        case "rejected":
            if part.isLast, answer.count == 2 {
                return .prepared(.rejected((answer[1].items ?? []).compactMap(Problem.init)))
            }
        case "whole": if !whole { return .needsWhole }
        default: break
        }
        throw .wrongAnswer(.unexpected("patch"))
    }

    /// Some of a request's files, in their order.
    struct Part<File> {
        /// As many as one request may hold by their weight.
        var files: [File]
        /// The twin forgets what an earlier request left behind.
        var isFirst: Bool
        /// The answer to it is that to the whole request.
        var isLast: Bool

        /// At least one part, and none without a file unless there are no files.
        static func list(of files: [File], size limit: Int, _ weight: (File) -> Int) -> [Part] {
            var groups: [[File]] = [[]]
            var size = 0
            for file in files {
                if size >= limit {
                    groups.append([])
                    size = 0
                }
                groups[groups.count - 1].append(file)
                size += weight(file)
            }
            return groups.enumerated().map { index, group in
                Part(files: group, isFirst: index == 0, isLast: index == groups.count - 1)
            }
        }
    }
}

extension FileEdit {
    /// Bytes that are compiled, about.
    fileprivate var weight: Int {
        guard let slices else { return old.count + new.count }
        return slices.pairs.values.reduce(0) { $0 + $1.old.count + $1.new.count }
    }
}

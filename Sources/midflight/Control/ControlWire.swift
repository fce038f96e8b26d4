import Reconciler
import Reloader
import SystemPackage

/// Requests and answers of the control socket as JSON: the content of frames.
enum ControlWire {
    /// Requests and answers as JSON (docs/protocols.md).
    static let codec = ControlCodec(
        decode: { bytes in
            guard bytes.count < 1 << 18, let text = String(validating: bytes, as: UTF8.self) else {
                return nil
            }
            return JSONReader.value(of: text).flatMap(request)
        },
        encode: { Array(answer($0).line.utf8) },
        event: { Array(EventJSON.lines($0, of: $1, at: Timestamp.universal()).utf8) },
        leftOut: { count in
            Array(
                JSON.object([("v", .integer(1)), ("event", "left_out"), ("count", .integer(count))]).line.utf8
            )
        })

    // MARK: Requests

    /// A request as it is sent.
    static func content(_ request: ControlRequest) -> [UInt8] {
        var members: [(String, JSON)] = [("v", .integer(1))]
        if let pid = request.pid { members.append(("pid", .integer(Int(pid)))) }
        switch request.action {
        case .status: members.append(("do", "status"))
        case .pause: members.append(("do", "pause"))
        case .resume: members.append(("do", "resume"))
        case .detach(let restoring):
            members += [("do", "detach"), ("restore", .bool(restoring))]
        case .undo, .history: members += UndoWire.members(request.action)
        case .sync(let files, let timeout):
            members += [
                ("do", "sync"), ("files", .array(files.map { .string($0.string) })),
                ("timeout_ms", .integer(Int(timeout))),
            ]
        case .reload(let reload):
            members += [
                ("do", "reload"), ("module", .string(reload.module)), ("method", .string(reload.method)),
            ]
            if let name = reload.className { members.append(("class", .string(name))) }
            members += flags(reload.options)
        case .look(let look): members += LookWire.members(look)
        case .collect: members.append(("do", "collect"))
        case .tasks: members.append(("do", "tasks"))
        case .locals(let facts): members += LocalsWire.members(facts)
        case .watch(let watch): members += [("do", "watch")] + CallWire.members(watch)
        case .drain(let watch): members += [("do", "drain")] + CallWire.members(watch)
        case .unwatch(let watch): members += [("do", "unwatch")] + CallWire.members(watch)
        case .recall(let recall): members += RecallWire.members(recall)
        case .follow: members.append(("do", "follow"))
        case .module(let path): members += [("do", "module"), ("file", .string(path.string))]
        case .diff(let preview):
            members += [("do", "diff"), ("files", .array(preview.files.map { .string($0.string) }))]
            members += flags(preview.options)
        }
        return Array(JSON.object(members).line.utf8)
    }

    /// nil for another version, an unknown action, and a pid that is no 32-bit number.
    private static func request(_ value: JSON) -> ControlRequest? {
        guard value["v"]?.integer == 1, let action = value["do"]?.text.flatMap({ action($0, value) }) else {
            return nil
        }
        guard let number = value["pid"] else { return ControlRequest(pid: nil, action: action) }
        return number.integer.flatMap { Int32(exactly: $0) }.map { ControlRequest(pid: $0, action: action) }
    }

    /// nil where a member that the action needs is missing or out of range.
    private static func action(_ name: String, _ value: JSON) -> ControlRequest.Action? {
        switch name {
        case "status": return .status
        case "pause": return .pause
        case "resume": return .resume
        case "detach": return .detach(restoring: value["restore"]?.flag ?? false)
        case "undo": return UndoWire.scope(value, path: path).map { .undo($0) }
        case "history": return .history
        case "sync":
            guard let files = value["files"]?.elements, let timeout = value["timeout_ms"]?.integer,
                (0...3_600_000).contains(timeout)
            else { return nil }
            let paths = files.compactMap { path($0) }
            return paths.count == files.count ? .sync(files: paths, timeout: Int64(timeout)) : nil
        case "reload":
            guard let module = value["module"]?.text, let method = value["method"]?.text else { return nil }
            var reload = MethodReload(module: module, className: value["class"]?.text, method: method)
            reload.options = options(value)
            return .reload(reload)
        case "diff":
            guard let files = value["files"]?.elements else { return nil }
            let paths = files.compactMap { path($0) }
            return paths.count == files.count
                ? .diff(SavePreview(files: paths, options: options(value))) : nil
        case "look": return LookWire.look(value).map { .look($0) }
        case "collect": return .collect
        case "tasks": return .tasks
        case "locals": return .locals(LocalsWire.facts(value))
        case "watch": return CallWire.watch(value).map { .watch($0) }
        case "drain": return CallWire.watch(value).map { .drain($0) }
        case "unwatch": return CallWire.watch(value).map { .unwatch($0) }
        case "recall": return RecallWire.recall(value).map { .recall($0) }
        case "follow": return .follow
        case "module": return value["file"].flatMap(path).map { .module($0) }
        default: return nil
        }
    }

    /// The options that a user may give; a dry run is a request of its own.
    private static func flags(_ options: PatchOptions) -> [(String, JSON)] {
        [
            ("keep_caches", .bool(options.keepCaches)), ("force", .bool(options.force)),
            ("strict", .bool(options.strict)), ("atomic", .bool(options.atomic)),
        ]
    }

    /// A flag that is missing is off.
    private static func options(_ value: JSON) -> PatchOptions {
        PatchOptions(
            keepCaches: value["keep_caches"]?.flag ?? false, force: value["force"]?.flag ?? false,
            strict: value["strict"]?.flag ?? false, atomic: value["atomic"]?.flag ?? false)
    }

    /// nil unless it is absolute and without NUL: who asks has resolved it, and we know another working
    /// directory.
    private static func path(_ value: JSON) -> FilePath? {
        guard let text = value.text, text.hasPrefix("/"), !text.unicodeScalars.contains("\0") else {
            return nil
        }
        return FilePath(text)
    }

    // MARK: Answers

    /// An answer as it is sent.
    static func answer(_ answer: ControlAnswer) -> JSON {
        let head: [(String, JSON)] = [("v", .integer(1))]
        switch answer {
        case .status(let services):
            return .object(head + [("answer", "status"), ("services", .array(services.map(object)))])
        case .done: return .object(head + [("answer", "done")])
        case .sync(let report): return .object(head + [("answer", "sync")] + members(report))
        case .reload(let outcome):
            return .object(
                head + [
                    ("answer", "reload"), ("error", .optional(outcome.error)),
                    ("file", .optional(outcome.path)), ("source", .optional(outcome.source)),
                ])
        case .module(let name): return .object(head + [("answer", "module"), ("module", .optional(name))])
        case .watch(let start): return .object(head + [("answer", "watch")] + CallWire.members(start))
        case .drain(let answer): return .object(head + [("answer", "drain")] + CallWire.members(answer))
        case .look(let answer): return .object(head + [("answer", "look")] + LookWire.members(answer))
        case .tasks(let tasks): return .object(head + [("answer", "tasks")] + TaskWire.members(tasks))
        case .locals(let stacks):
            return .object(head + [("answer", "locals")] + LocalsWire.members(stacks))
        case .recalled(let recalled):
            return .object(head + [("answer", "recall")] + RecallWire.members(recalled))
        case .diff(let report): return PreviewWire.answer(report)
        case .undo(let report): return UndoWire.answer(report)
        case .history(let entries): return UndoWire.answer(entries)
        case .failed(let error):
            let status = Int(ExitStatus(error).rawValue)
            return .object(
                head + [("answer", "failed"), ("status", .integer(status))] + EventJSON.members(error))
        case .refused(let message):
            return .object(head + [("answer", "refused"), ("message", .string(message))])
        }
    }

    /// Reads the answer to `reload`; nil if it is none.
    static func outcome(_ answer: JSON) -> ReloadOutcome? {
        guard answer["answer"]?.text == "reload" else { return nil }
        return ReloadOutcome(
            error: answer["error"]?.text, path: answer["file"]?.text, source: answer["source"]?.text)
    }

    /// Reads the answer to `module`; the inner nil says that no module has the file.
    static func module(_ answer: JSON) -> String?? {
        answer["answer"]?.text == "module" ? .some(answer["module"]?.text) : nil
    }

    /// Also what `sync --json` prints.
    static func members(_ report: SyncReport) -> [(String, JSON)] {
        [
            ("state", .string(report.state.rawValue)), ("processes", .integer(report.processes)),
            ("files", .array(report.files.map { .string($0) })),
            ("not_loaded", .array(report.notLoaded.map { .string($0) })),
            (
                "reasons",
                .array(
                    report.reasons.map { reason in
                        .object([
                            ("pid", .integer(Int(reason.pid))), ("file", .string(reason.file)),
                            ("name", .string(reason.name)), ("line", .integer(reason.line)),
                            ("reason", .string(reason.id)), ("message", .string(reason.message)),
                            ("action", .string(reason.action)),
                        ])
                    })
            ),
        ]
    }

    /// A service as `status --json` prints it.
    private static func object(_ service: ServiceStatus) -> JSON {
        .object([
            ("service", .optional(service.name)), ("program", .string(service.program)),
            ("paused", .bool(service.isPaused)), ("roots", .array(service.roots.map { .string($0) })),
            ("watches", .integer(service.watches)), ("bursts", .integer(service.bursts)),
            (
                "processes",
                .array(
                    service.processes.map { process in
                        .object([
                            ("pid", .integer(Int(process.pid))),
                            ("parent", process.parent.map { .integer(Int($0)) } ?? .null),
                            ("python", .string(process.python)), ("files", .integer(process.files)),
                            ("behind", .array(process.behind.map { .string($0) })),
                        ])
                    })
            ),
        ])
    }
}

extension JSON: ExpressibleByStringLiteral {
    /// Lets a literal stand where JSON is wanted.
    init(stringLiteral value: String) { self = .string(value) }
}

extension JSON {
    /// A text, or null.
    static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

    /// Nil if it is no integer.
    var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    /// Nil if it is no boolean.
    var flag: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// Nil if it is no array.
    var elements: [JSON]? { if case .array(let values) = self { values } else { nil } }
}

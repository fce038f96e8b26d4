/// The answers to `undo` and to `undo --list`.
struct UndoText {
    /// How it is painted.
    var style: Style

    /// What was taken back, or can be.
    func lines(_ answer: JSON) -> String {
        if let bursts = answer["bursts"]?.elements { return list(bursts) }
        let processes = answer["processes"]?.elements ?? []
        let names = unique(processes.flatMap { texts($0["applied"], "name") })
        let shown =
            names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
        let place = "in \(processes.count) process\(processes.count == 1 ? "" : "es")"
        let head =
            switch answer["state"]?.text {
            case "undone": "\(style.mark(.done)) taken back \(place)  \(shown)\n"
            case "nothing": "\(style.mark(.failed)) nothing was patched that could be taken back\n"
            default: "\(style.mark(.warning)) not everything was taken back \(place)  \(shown)\n"
            }
        let kept = processes.flatMap { process in
            (process["kept"]?.elements ?? []).map { "process \(process["pid"]?.integer ?? 0): \(remark($0))" }
        }
        let failed = (answer["failures"]?.elements ?? []).map {
            "process \($0["pid"]?.integer ?? 0): \(text($0, "reason")): \(text($0, "message"))"
        }
        return head + (kept + failed).map { "  \(style.mark(.warning)) \($0)\n" }.joined()
    }

    /// Numbered from the newest burst on, as `undo COUNT` counts.
    private func list(_ bursts: [JSON]) -> String {
        guard !bursts.isEmpty else { return "nothing was patched that could be taken back\n" }
        return bursts.enumerated().map { index, burst in
            let files = texts(burst["files"]).joined(separator: ", ")
            let lost = (burst["not_restorable"]?.elements ?? []).map {
                "     \(style.mark(.warning)) cannot be restored: \(remark($0))\n"
            }
            return "\(index + 1)  \(files)\n" + lost.joined()
        }.joined()
    }

    /// One remark on a definition that stays, with its place.
    private func remark(_ value: JSON) -> String {
        let name = text(value, "name")
        let place = "(\(text(value, "file")):\(value["line"]?.integer ?? 1))"
        return
            "\(name.isEmpty ? "" : name + " ")\(place)  \(text(value, "reason")): \(text(value, "message"))"
    }

    /// A member of an answer, safe for a terminal; empty if it is missing.
    private func text(_ value: JSON, _ name: String) -> String { (value[name]?.text ?? "").sanitized }

    /// The elements of a list of texts, or this member of each element.
    private func texts(_ list: JSON?, _ name: String? = nil) -> [String] {
        (list?.elements ?? []).compactMap { element in
            (name.map { element[$0] ?? .null } ?? element).text?.sanitized
        }
    }

    /// Each once, at its first place.
    private func unique(_ names: [String]) -> [String] {
        names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// One `undo` event for each process, or the list as one object.
    static func json(_ answer: JSON) -> String {
        guard let processes = answer["processes"]?.elements else {
            return JSON.object([("v", .integer(1)), ("bursts", answer["bursts"] ?? .array([]))]).line + "\n"
        }
        return processes.map { process in
            guard case .object(let members) = process else { return "" }
            let head: [(String, JSON)] = [
                ("v", .integer(1)), ("t", .string(Timestamp.universal())), ("event", "undo"),
            ]
            return JSON.object(head + members).line + "\n"
        }.joined()
    }
}

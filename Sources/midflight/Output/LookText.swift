import Reloader

/// The text of `getglobal` and `vmtool`: PyFlightProfiler's, word for word, so that what reads one reads the other.
struct LookText {
    /// What was asked.
    var look: Look
    /// How it is painted.
    var style: Style

    /// The answer, for people.
    func text(_ answer: LookAnswer) -> String {
        switch answer {
        case .value(let type, let value, let instances):
            return rows([("EXPR:", look.expression), ("TYPE:", type), ("VALUE:", value)], width: 12)
                + (instances.map(note) ?? "")
        case .failed("expression-failed", let message):
            return rows([("EXPR:", look.expression), ("FAILED_REASON:", message)], width: 20)
        case .failed(let reason, let message):
            return "\(style.paint("Error", .bad)): \(reason): \(message.sanitized).\n"
        case .absent(let part): return absence(part) + "\n"
        case .collected(let count, _): return Self.collected(count)
        }
    }

    /// What a collection has freed.
    static func collected(_ count: Int) -> String {
        "Gc execute successfully, totally \(count) unreachable objects are freed.\n"
    }

    /// `width`: of the labels; lines of a value after the first are not indented.
    private func rows(_ rows: [(String, String)], width: Int) -> String {
        rows.map { name, value in
            let lines = value.split(separator: "\n", omittingEmptySubsequences: false).map {
                String($0).sanitized
            }
            let label = name + String(repeating: " ", count: max(1, width - name.count))
            return "  \(label)\(lines.joined(separator: "\n"))\n"
        }.joined()
    }

    /// What the search could not see; empty if it saw all.
    private func note(_ instances: LookAnswer.Instances) -> String {
        guard instances.frozen > 0 else { return "" }
        return
            "  \(style.arrow) gc.freeze() hides \(instances.frozen) objects; instances among them are not found "
            + "[heap-frozen]\n"
    }

    /// PyFlightProfiler's sentence for a name that is not there.
    private func absence(_ part: LookAnswer.Absence) -> String {
        let module = look.module.sanitized
        let className = (look.className ?? "").sanitized
        switch (part, look.subject) {
        case (.module, _):
            return "Error in locating module named \(module). Type: <class 'ModuleNotFoundError'>, "
                + "details: No module named '\(module)'!"
        case (.class, _), (.field, .instances):
            return "No class named \(className) is found in module \(module)!"
        case (.field, .value(_, nil, let field)):
            return "No global variable named \(field.sanitized) is found in module \(module)!"
        case (.field, .value(_, _, let field)):
            return "No static variable named \(field.sanitized) is found in class \(className)!"
        }
    }
}

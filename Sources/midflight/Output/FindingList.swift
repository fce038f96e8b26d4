import Reloader

/// How the findings of `midflight doctor` look.
enum FindingList {
    /// One finding a line, and below it what mends it.
    static func text(_ findings: [Finding], style: Style) -> String {
        let width = findings.map(\.id.count).max() ?? 0
        return findings.map { finding in
            let mark: Style.Mark =
                switch finding.verdict {
                case .ok: .done
                case .warn: .warning
                case .fail: .failed
                }
            let id = finding.id + String(repeating: " ", count: width - finding.id.count)
            return "\(style.mark(mark)) \(id)  \(finding.what.sanitized)\n"
                + finding.actions.map { "    \(style.arrow) \($0.sanitized)\n" }.joined()
        }.joined()
    }

    /// All findings as one object.
    static func object(_ findings: [Finding], pid: Int32?) -> JSON {
        .object([
            ("v", .integer(1)), ("pid", pid.map { .integer(Int($0)) } ?? .null),
            (
                "findings",
                .array(
                    findings.map { finding in
                        .object([
                            ("id", .string(finding.id)), ("verdict", .string(finding.verdict.rawValue)),
                            ("what", .string(finding.what)),
                            ("actions", .array(finding.actions.map { .string($0) })),
                        ])
                    })
            ),
        ])
    }
}

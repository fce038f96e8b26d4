import Reconciler

/// The text of `midflight diff`: one line for each definition.
struct DiffText {
    /// How it is painted.
    var style: Style

    /// What a save would do, for people.
    func text(_ report: PatchReport) -> String {
        if report.applied.isEmpty && report.kept.isEmpty && report.rejected.isEmpty {
            return
                "no difference: \(report.files.count) file\(report.files.count == 1 ? "" : "s") looked at\n"
        }
        let applied = report.applied.map { change in
            "\(style.mark(.done)) \(change.file.sanitized):\(max(1, change.line))  \(change.name.sanitized)  \(change.change.rawValue)\n"
        }
        let kept = report.kept.map { remark in
            "\(style.mark(.warning)) \(remark.file.sanitized):\(max(1, remark.line))  \(remark.name.sanitized)  "
                + "\(remark.reason.rawValue): \(remark.message.sentence) \(style.arrow) \(remark.action)\n"
        }
        let notes = report.notes.map { note in
            "  \(style.mark(.warning)) \(note.name.sanitized)  \(note.reason.rawValue): \(note.message.sentence)\n"
        }
        let rejected = report.rejected.map { rejected in
            let place = [rejected.line, rejected.column].prefix { $0 > 0 }.map { ":\($0)" }.joined()
            return
                "\(style.mark(.failed)) \(rejected.file.sanitized)\(place)  \(rejected.message.sentence)  "
                + "[\(rejected.reason.rawValue)]\n"
        }
        return (applied + kept + notes + rejected).joined()
    }
}

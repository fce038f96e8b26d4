import Reloader
import SourceDiff

extension PatchPlan {
    /// Against live code instead of an old source: every function that differs gets its new body. Its old defaults,
    /// decorators and annotations are not known, so they stay.
    init(unknown comparisons: [LiveComparison], new: Outline, firstID: Int) {
        self.init(firstID: firstID)
        for place in Set(comparisons.flatMap(\.differ)).sorted(by: { $0.line < $1.line }) {
            guard let found = new.definition(at: place) else { continue }
            let lines = PlannedChange.Lines(first: found.firstLine, second: found.defLine)
            let change = PlannedChange(
                id: 0, operation: .function, qualname: found.qualname, name: found.name,
                isRepeated: found.occurrence > 0, isConditional: found.isConditional, old: lines, new: lines,
                aspects: ["body"])
            let subject = Subject(
                name: found.qualname, line: found.firstLine, kind: found.parent == nil ? .function : .method,
                change: .body)
            add([.apply(change, subject)])
        }
        for place in Set(comparisons.flatMap(\.missing)).sorted(by: { $0.line < $1.line }) {
            guard let found = new.definition(at: place), !found.isConditional else { continue }
            if place.isFree, !new.deletes {
                add([.newDefinition(found)])
                continue
            }
            let message = "not in the process, and what it ran before is not known"
            add([
                .keep(
                    Kept(name: place.qualname, line: place.line, reason: .baselineUnknown, message: message))
            ])
        }
    }
}

extension LiveComparison {
    /// Definitions of `outline`, the file's, that were never made in the process although nothing in the file would have
    /// stopped that: it ran another source.
    func absent(from outline: Outline) -> [Place] {
        guard !outline.deletes else { return [] }
        return missing.filter { place in
            place.isAbsent && outline.definition(at: place).map { !$0.isConditional } == true
        }
    }
}

extension Outline {
    fileprivate func definition(at place: LiveComparison.Place) -> Definition? {
        definitions.first {
            $0.qualname == place.qualname && ($0.firstLine...$0.defLine).contains(place.line)
        }
    }

    /// A `del` may have taken any name away again.
    fileprivate var deletes: Bool { statements.contains { $0.kind == .delete } }
}

extension PatchPlan {
    /// The same file, with nothing of it going in.
    func keptWhole(_ reason: ReasonID, _ message: String) -> PatchPlan {
        var plan = PatchPlan(firstID: nextID)
        plan.add([.keep(Kept(name: "", line: 1, reason: reason, message: message))])
        plan.isKeptWhole = true
        return plan
    }
}

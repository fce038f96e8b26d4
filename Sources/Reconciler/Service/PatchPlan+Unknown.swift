import Reloader
import SourceDiff

extension PatchPlan {
    /// Against live code instead of an old source: every function that differs gets its new body. Its old defaults,
    /// decorators and annotations are not known, so they stay.
    init(unknown comparisons: [LiveComparison], new: Outline, firstID: Int) {
        self.init(firstID: firstID)
        func definition(_ place: LiveComparison.Place) -> Definition? {
            new.definitions.first {
                $0.qualname == place.qualname && ($0.firstLine...$0.defLine).contains(place.line)
            }
        }
        for place in Set(comparisons.flatMap(\.differ)).sorted(by: { $0.line < $1.line }) {
            guard let found = definition(place) else { continue }
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
            guard let found = definition(place), !found.isConditional else { continue }
            // A `del` of the module may have taken the name away again.
            if place.isFree, !new.statements.contains(where: { $0.kind == .delete }) {
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

extension PatchPlan {
    /// The same file, with nothing of it going in.
    func keptWhole(_ reason: ReasonID, _ message: String) -> PatchPlan {
        var plan = PatchPlan(firstID: nextID)
        plan.add([.keep(Kept(name: "", line: 1, reason: reason, message: message))])
        plan.isKeptWhole = true
        return plan
    }
}

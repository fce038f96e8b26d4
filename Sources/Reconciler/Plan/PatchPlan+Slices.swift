import Reloader
import SourceDiff

extension PatchPlan {
    /// The slices by which the twin can compile this plan without the rest of the file; nil if it needs the whole.
    ///
    /// That is so unless every change is in a function that stays, and the two texts are equal byte for byte outside of
    /// these functions: then only they can bring an error, and all other code keeps all but its line numbers.
    func slices(old: Outline, new: Outline, changes: ChangeSet) -> EditSlices? {
        guard kept.isEmpty, !isKeptWhole, changes.statements.isEmpty, !changes.futureChanged,
            !changes.encodingChanged, !planned.isEmpty, planned.allSatisfy({ $0.operation == .function })
        else { return nil }
        var pairs: [Int: EditSlices.Pair] = [:]
        var places: [(old: Int, new: Int)] = []
        for change in changes.definitions {
            guard let planned = planned.first(where: { Self.isMeant($0, by: change) }),
                let was = change.old, let now = change.new
            else { continue }
            let (before, after) = (old.slice(of: was), new.slice(of: now))
            guard !before.isWholeFile, !after.isWholeFile, before.definition == was, after.definition == now
            else { return nil }
            pairs[planned.id] = EditSlices.Pair(old: before.source, new: after.source)
            places.append((was, now))
        }
        guard pairs.count == planned.count, let moved = old.isolation(of: places, in: new) else { return nil }
        return EditSlices(
            pairs: pairs, features: new.futureFlags.effective.pythonNames,
            moved: moved.map { EditSlices.Range(first: $0.first, last: $0.last, distance: $0.distance) },
            classes: Self.movedClasses(of: old, moved))
    }

    /// By qualified name and line of `def` in the new text: a name alone may belong to several definitions.
    private static func isMeant(_ planned: PlannedChange, by change: DefinitionChange) -> Bool {
        guard !change.aspects.isDisjoint(with: .semantic), let lines = planned.new,
            let now = change.newDefinition
        else { return false }
        return now.defLine == lines.second && planned.qualname == change.qualname
    }

    /// From 3.13 on a class knows its line.
    private static func movedClasses(of old: Outline, _ moved: [MovedLines]) -> [EditSlices.MovedClass] {
        guard !moved.isEmpty else { return [] }
        return old.definitions.filter { $0.kind == .class }.compactMap { definition in
            let line = definition.firstLine
            guard let range = moved.first(where: { $0.first <= line && line <= $0.last }),
                !definition.qualname.contains("<locals>")
            else { return nil }
            let names = definition.qualname.split(separator: ".").map(String.init)
            return EditSlices.MovedClass(names: names, old: line, new: line + range.distance)
        }
    }
}

import SourceDiff

/// The words of one source by which functions lead to others.
///
/// Most of a source is in functions: these words are looked for when nobody waits. A burst takes those of what ran
/// before it: a function with another body is one that changes itself.
struct CallWords: Sendable {
    /// What a call by name runs: functions of the module, and what makes a class's instances by the class's name.
    private(set) var callables: [SourceWords.Hash] = []
    /// What `callables` run, by the words in it: their indexes.
    private(set) var bodies = WordTable()

    /// `bound`: names of the module. Linear in the source but for sorting; done once for each content (`KeptWords`).
    init(of outline: Outline, bound: Set<SourceWords.Hash>) {
        for definition in outline.definitions {
            guard let name = Self.callName(of: definition, in: outline) else { continue }
            bodies.add(outline.bytes[definition.bodySpan], of: callables.count, bound: bound)
            callables.append(name)
        }
        bodies.sort()
    }

    /// nil for what no call by a plain name of the module runs: classes, and methods other than makers.
    private static func callName(of definition: Definition, in outline: Outline) -> SourceWords.Hash? {
        guard definition.kind != .class else { return nil }
        guard let parent = definition.parent, !definition.isGlobal else {
            return SourceWords.hash(definition.name.utf8)
        }
        let owner = outline.definitions[parent]
        guard owner.kind == .class, owner.parent == nil,
            ["__init__", "__new__", "__post_init__", "__call__"].contains(definition.name)
        else { return nil }
        return SourceWords.hash(owner.name.utf8)
    }
}

/// The difference of two outlines of one file, by definition and by statement.
///
/// Comments, layout and line moves are no semantic change. Definitions are matched by qualified name; those
/// that share one by text, decorators and signature, then by position. What lies in the common prefix and
/// suffix of the two texts is not looked at, so the cost follows the changed window.
public struct ChangeSet: Sendable {
    /// The coarsest statement about the whole file.
    public enum Summary: String, Sendable, Hashable, CaseIterable {
        /// The same bytes.
        case identical
        /// The same tokens: comments, blank lines, layout.
        case comments
        /// Other tokens that mean the same.
        case format
        /// Something that runs differs: a definition, a statement, an effective `__future__` feature, or the
        /// order of definitions.
        case semantic
    }

    /// The kind of the whole difference.
    public let summary: Summary
    /// Every definition that differs, in the order of the new file; each removed one before the definition that
    /// follows it in the old file.
    public let definitions: [DefinitionChange]
    /// Every statement of a module or class body that differs.
    public let statements: [StatementChange]
    /// The effective `__future__` features differ: the whole file must be compiled again.
    public let futureChanged: Bool
    /// The declared encodings differ. Semantic only if `definitions` or `statements` are not empty.
    public let encodingChanged: Bool
    /// Definitions that are in both files stand in another order.
    public let reordered: Bool
    /// New definition → old one, -1 for none; empty if the texts are identical.
    private let oldOfNew: [Int32]
    /// Old definition → new one, -1 for none; empty if the texts are identical.
    private let newOfOld: [Int32]

    /// The definition of the old outline that the one at `index` of the new outline was; nil if it was added.
    public func old(of index: Int) -> Int? { Self.match(index, oldOfNew) }
    /// The definition of the new outline that the one at `index` of the old outline is; nil if it was removed.
    public func new(of index: Int) -> Int? { Self.match(index, newOfOld) }

    /// Without a table the texts are identical, so every definition has its own index in both outlines.
    private static func match(_ index: Int, _ matches: [Int32]) -> Int? {
        guard !matches.isEmpty else { return index }
        return matches[index] < 0 ? nil : Int(matches[index])
    }

    /// Compares two outlines. Linear in the changed window.
    public init(from old: Outline, to new: Outline) {
        self.init(from: old, to: new, window: nil)
    }

    /// `window`: what the two texts share, if that is known.
    init(from old: Outline, to new: Outline, window: EditWindow?) {
        var differ = Differ(
            old: old.storage, new: new.storage,
            window: window ?? EditWindow(from: old.storage.bytes, to: new.storage.bytes))
        differ.run()
        definitions = differ.definitions
        statements = differ.statements
        futureChanged = old.futureFlags.effective != new.futureFlags.effective
        encodingChanged = old.encoding != new.encoding
        reordered = differ.reordered
        oldOfNew = differ.oldOfNew
        newOfOld = differ.newOfOld
        let isSemantic =
            futureChanged || reordered || !statements.isEmpty
            || definitions.contains { !$0.aspects.isDisjoint(with: .semantic) }
        if differ.isIdentical {
            summary = .identical
        } else if isSemantic {
            summary = .semantic
        } else {
            summary = differ.sawFormatChange ? .format : .comments
        }
    }
}

/// The two texts that changes refer to.
final class OutlinePair: Sendable {
    /// The source before the edit.
    let old: OutlineStorage
    /// The source after it.
    let new: OutlineStorage

    /// Takes both; nothing is compared yet.
    init(old: OutlineStorage, new: OutlineStorage) {
        self.old = old
        self.new = new
    }
}

/// One definition that differs.
public struct DefinitionChange: Sendable {
    /// Both sources.
    let pair: OutlinePair
    /// In the old definitions; -1 for one that is new.
    let oldIndex: Int32
    /// In the new definitions; -1 for one that is gone.
    let newIndex: Int32
    /// What differs.
    public internal(set) var aspects: Aspects
    /// The definition that this one seems to have been renamed to or from; -1 for none.
    var similarIndex: Int32 = -1

    /// Index in the old outline's `definitions`; nil if it was added.
    public var old: Int? { oldIndex < 0 ? nil : Int(oldIndex) }
    /// Index in the new outline's `definitions`; nil if it was removed.
    public var new: Int? { newIndex < 0 ? nil : Int(newIndex) }
    /// `__qualname__`, the same on both sides.
    public var qualname: String { either.qualname }
    /// Index among the definitions of that name.
    public var occurrence: Int { either.occurrence }
    /// The new kind; of a removed definition the old one.
    public var kind: Definition.Kind { either.kind }
    /// The definition in the old file.
    public var oldDefinition: Definition? { old.map { Definition(storage: pair.old, index: $0) } }
    /// The definition in the new file.
    public var newDefinition: Definition? { new.map { Definition(storage: pair.new, index: $0) } }
    /// For an added definition the index of a removed one (in the old outline) that looks like it, and the reverse:
    /// probably a rename or a move to another scope.
    public var similarTo: Int? { similarIndex < 0 ? nil : Int(similarIndex) }

    /// The new definition, or the old one where it was removed.
    private var either: Definition {
        newIndex >= 0
            ? Definition(storage: pair.new, index: Int(newIndex))
            : Definition(storage: pair.old, index: Int(oldIndex))
    }
}

/// One statement of a module or class body that differs.
public struct StatementChange: Sendable {
    /// What happened to the statement.
    public enum Change: String, Sendable, Hashable, CaseIterable {
        /// Only the new file has it.
        case added
        /// Only the old file has it.
        case removed
        /// The same kind of statement, binding the same names, with other tokens.
        case changed
        /// The same tokens at another place among its neighbours.
        case reordered
        /// The module's docstring.
        case doc
    }

    /// What happened to it.
    public let change: Change
    /// Its kind, in the new file if it is there.
    public let kind: Statement.Kind
    /// What it binds, in the new file if it is there.
    public let names: [String]
    /// Qualified name of the class whose body it belongs to; empty for the module.
    public let scope: String
    /// 1-based; nil if it is not in that file.
    public let oldLine: Int?
    /// 1-based; nil if it is not in that file.
    public let newLine: Int?
    /// Index in the old outline's `statements`; nil for an added statement and for the module's docstring.
    public let old: Int?
    /// Index in the new outline's `statements`; nil for a removed statement and for the module's docstring.
    public let new: Int?
    /// Index in the change set's `statements` of the compound statement that this change is a detail of; nil for a
    /// statement that stands directly in its scope's body.
    public let container: Int?
}

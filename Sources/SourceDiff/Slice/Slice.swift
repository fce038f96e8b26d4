/// Source text that compiles to the same code objects as the whole file does for one definition.
///
/// Compile it as text, not as bytes with a cookie, under the file's name, with the flags of `futureFlags` and without
/// inheriting others. The code object has the file's line numbers, columns, qualified name, mangled names and free
/// variables. Never run the result: what stands around the definition is a skeleton.
public struct Slice: Sendable, Hashable {
    /// UTF-8.
    public let source: [UInt8]
    /// No smaller text is known to be exact: `source` is the whole text.
    public let isWholeFile: Bool
    /// Index of the definition that stands whole in `source`: the requested one, or the outermost function around it.
    public let definition: Int
    /// The effective features of the module: pass them to the compiler, `source` does not import them unless it is the
    /// whole file.
    public let futureFlags: FutureFlags
}

extension Outline {
    /// The smallest text known to compile to exactly the code object of the definition at `index`, which must be in
    /// `definitions.indices`.
    ///
    /// A definition inside of a function shares its variables, so the slice holds the outermost function around it.
    /// The whole file is needed where a definition or a class around it is declared `global`.
    /// Linear in the definition, and in its line number: blank lines stand for the lines before it.
    public func slice(of index: Int) -> Slice {
        storage.withSource { source in
            SliceWriter(storage: storage, source: source).slice(of: index)
        }
    }
}

extension SourceView {
    /// True if the ASCII bytes of `text` occur in `range`, in whatever context.
    func mentions(_ text: StaticString, in range: Range<Int>) -> Bool {
        let last = range.upperBound - text.utf8CodeUnitCount
        guard range.lowerBound <= last else { return false }
        let first = text.utf8Start[0]
        for position in range.lowerBound...last where self[position] == first {
            if spells(text, position..<position + text.utf8CodeUnitCount) { return true }
        }
        return false
    }

    /// Whether an `import`, `from` or `lazy` stands at `position`: a cheap test before a statement is read.
    func startsImport(at position: Int) -> Bool {
        switch self[position] {
        case 0x69: spells("import", position..<position + 6)
        case 0x66: spells("from", position..<position + 4)
        case 0x6C: spells("lazy", position..<position + 4)
        default: false
        }
    }
}

/// The immutable result of one scan, shared by all views of it.
final class OutlineStorage: Sendable {
    /// The source as UTF-8.
    let bytes: [UInt8]
    /// What it declares.
    let encoding: SourceEncoding
    /// `bytes` are the caller's: other bytes can be compared with them.
    let isVerbatim: Bool
    /// Where its lines end.
    let lines: LineIndex
    /// Its definitions, in the order of the source.
    let definitions: DefinitionTable
    /// Its statements outside of functions, in that order.
    let statements: StatementTable
    /// `else`, `except` and others of its kind.
    let clauses: [ClauseRecord]
    /// Where each decorator begins.
    let decorators: [Int32]
    /// Hash of each definition's qualified name.
    let qualnameHashes: [UInt64]
    /// The docstring of the module, with its quotation marks; nil if it has none.
    let moduleDoc: Range<Int32>?
    /// What its `from __future__` imports switch on.
    let futureFlags: FutureFlags

    /// Takes what a scan has found in `text`.
    init(_ text: SourceText, _ parts: OutlineParts) {
        bytes = text.bytes
        encoding = text.encoding
        isVerbatim = text.isVerbatim
        lines = parts.lines
        definitions = parts.definitions
        statements = parts.statements
        clauses = parts.clauses
        decorators = parts.decorators
        qualnameHashes = parts.qualnameHashes
        moduleDoc = parts.moduleDoc
        futureFlags = parts.futureFlags
    }

    /// Calls `body` with the source's bytes.
    func withSource<Value>(_ body: (SourceView) -> Value) -> Value {
        bytes.withUnsafeBufferPointer { body(SourceView($0)) }
    }
}

/// The records of an outline while it is put together.
struct OutlineParts {
    /// Where lines end.
    var lines = LineIndex(ends: [])
    /// In the order of the source.
    var definitions = DefinitionTable()
    /// In the order of the source.
    var statements = StatementTable()
    /// In the order of the source.
    var clauses: [ClauseRecord] = []
    /// Starts of decorators: the `@`.
    var decorators: [Int32] = []
    /// One for each definition; empty until all definitions are known.
    var qualnameHashes: [UInt64] = []
    /// The docstring of the module.
    var moduleDoc: Range<Int32>?
    /// What `from __future__` imports switch on.
    var futureFlags: FutureFlags = []

    /// Nothing is found yet.
    init() {}

    /// Scans a whole text.
    init(scanning text: SourceText) throws(ScanError) {
        self.init()
        let fault = text.bytes.withUnsafeBufferPointer { buffer in
            let source = SourceView(buffer)
            if let fault = scan(source, from: text.start) { return fault as ScanError? }
            // Only now, when the scan's bitmaps are gone.
            qualnameHashes = Occurrences.number(&definitions, in: source)
            futureFlags = FutureFlags(statements: statements, in: source)
            return nil
        }
        if let fault { throw fault }
    }

    /// Takes the records of `source`, or gives what is wrong with it.
    private mutating func scan(_ source: SourceView, from start: Int) -> ScanError? {
        let map = SpecialMap(source)
        if map.hasZero {
            let position = (0..<source.count).first { source[$0] == 0 } ?? 0
            return Self.located(ScanFault(kind: .nullByte, position: position), in: source, map: map)
        }
        let badBytes = map.hasHigh ? UTF8Check.invalidOffsets(in: source) : []
        var scanner = Scanner(source, map: map, badBytes: badBytes)
        do throws(ScanFault) {
            try scanner.run(from: start)
        } catch {
            return Self.located(error, in: source, map: scanner.map)
        }
        self = scanner.takeParts()
        return nil
    }

    /// Turns a byte offset into line and column, both from 1.
    private static func located(_ fault: ScanFault, in source: SourceView, map: borrowing SpecialMap)
        -> ScanError
    {
        let position = min(fault.position, source.count)
        var start = position
        while start > 0, !Ascii.endsLine(source[start - 1]) { start -= 1 }
        return ScanError(
            kind: fault.kind, line: map.lines.line(of: position), column: position - start + 1)
    }
}

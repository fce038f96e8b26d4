/// The immutable result of one scan, shared by all views of it.
final class OutlineStorage: Sendable {
    let bytes: [UInt8]
    let encoding: SourceEncoding
    let definitions: [DefinitionRecord]
    let statements: [StatementRecord]
    let clauses: [ClauseRecord]
    let decorators: [DecoratorRecord]
    /// Hash of each definition's qualified name.
    let qualnameHashes: [UInt64]
    let moduleDoc: Range<Int32>?
    let futureFlags: FutureFlags

    init(_ text: SourceText, _ parts: OutlineParts) {
        bytes = text.bytes
        encoding = text.encoding
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
    var definitions: [DefinitionRecord] = []
    var statements: [StatementRecord] = []
    var clauses: [ClauseRecord] = []
    var decorators: [DecoratorRecord] = []
    var qualnameHashes: [UInt64] = []
    var moduleDoc: Range<Int32>?
    var futureFlags: FutureFlags = []

    /// Scans a whole text.
    static func scanned(_ text: SourceText) throws(ScanError) -> OutlineParts {
        let result = text.bytes.withUnsafeBufferPointer { buffer in
            scanned(SourceView(buffer), from: text.start)
        }
        return try result.get()
    }

    private static func scanned(_ source: SourceView, from start: Int) -> Result<OutlineParts, ScanError> {
        let map = SpecialMap(source)
        if map.hasZero {
            let position = (0..<source.count).first { source[$0] == 0 } ?? 0
            return .failure(located(ScanFault(kind: .nullByte, position: position), in: source, map: map))
        }
        let badBytes = map.hasHigh ? UTF8Check.invalidOffsets(in: source) : []
        var scanner = Scanner(source, map: map, badBytes: badBytes)
        do throws(ScanFault) {
            try scanner.run(from: start)
        } catch {
            return .failure(located(error, in: source, map: scanner.map))
        }
        var parts = scanner.takeParts()
        parts.qualnameHashes = Occurrences.number(&parts.definitions, in: source)
        parts.futureFlags = FutureFlags(statements: parts.statements, in: source)
        return .success(parts)
    }

    private static func located(_ fault: ScanFault, in source: SourceView, map: borrowing SpecialMap)
        -> ScanError
    {
        let position = min(fault.position, source.count)
        var start = position
        while start > 0, !Ascii.endsLine(source[start - 1]) { start -= 1 }
        return ScanError(kind: fault.kind, line: Int(map.line(of: position)), column: position - start + 1)
    }
}

/// What a Python source defines: every `def` and `class`, and the statements of module and class bodies.
///
/// Exact for every source that CPython 3.8 to 3.15 accepts; a source that CPython refuses may still have an outline,
/// because the scan is no full parse. Time and memory are linear in the source. All offsets are in bytes of `bytes`,
/// all lines are 1-based and ended by `\n`, `\r\n` or `\r`.
public struct Outline: Sendable {
    let storage: OutlineStorage

    /// The scanned text, always UTF-8: the caller's bytes, or what they decode to if the source declares another
    /// encoding. A byte order mark is kept.
    public var bytes: [UInt8] { storage.bytes }

    /// The encoding that the source declares.
    public var encoding: SourceEncoding { storage.encoding }

    /// Scans the bytes of a source file. ASCII, UTF-8 and 8-bit code pages are decoded here; a source that declares
    /// another encoding throws `unsupportedEncoding`.
    public init(scanning bytes: [UInt8]) throws(ScanError) {
        try self.init(scanning: bytes) { _, _ in nil }
    }

    /// Scans the bytes of a source file; `decode` turns bytes of an encoding that this library has no table for into
    /// UTF-8, and gives nil if it cannot. The encoding's name is as the source spells it.
    public init(
        scanning bytes: [UInt8], decode: (_ bytes: [UInt8], _ encoding: String) -> [UInt8]?
    ) throws(ScanError) {
        let text = try SourceText(bytes, decode: decode)
        storage = try OutlineStorage(text)
    }

    /// Every definition in source order.
    public var definitions: Definitions { Definitions(storage: storage) }

    /// The statements of module and class bodies, source order, those inside of `if`, `try`, `for`, `while`, `with` and
    /// `match` of these bodies included; definitions and docstrings are not among them.
    public var statements: Statements { Statements(storage: storage) }

    /// The module's docstring: the span of its statement.
    public var docstringSpan: Range<Int>? {
        storage.moduleDoc.map { Int($0.lowerBound)..<Int($0.upperBound) }
    }

    /// The features that `from __future__ import` switches on.
    public var futureFlags: FutureFlags { storage.futureFlags }
}

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

    init(_ text: SourceText) throws(ScanError) {
        bytes = text.bytes
        encoding = text.encoding
        let result: Result<Parts, ScanError> = text.bytes.withUnsafeBufferPointer { buffer in
            Self.scan(SourceView(buffer), text)
        }
        let parts = try result.get()
        definitions = parts.definitions
        statements = parts.statements
        clauses = parts.clauses
        decorators = parts.decorators
        qualnameHashes = parts.qualnameHashes
        moduleDoc = parts.moduleDoc
        futureFlags = parts.futureFlags
    }

    private struct Parts {
        var definitions: [DefinitionRecord] = []
        var statements: [StatementRecord] = []
        var clauses: [ClauseRecord] = []
        var decorators: [DecoratorRecord] = []
        var qualnameHashes: [UInt64] = []
        var moduleDoc: Range<Int32>?
        var futureFlags: FutureFlags = []
    }

    private static func scan(_ source: SourceView, _ text: SourceText) -> Result<Parts, ScanError> {
        let map = SpecialMap(source)
        if map.hasZero {
            let position = (0..<source.count).first { source[$0] == 0 } ?? 0
            return .failure(located(ScanFault(kind: .nullByte, position: position), in: source, map: map))
        }
        let badBytes = map.hasHigh ? UTF8Check.invalidOffsets(in: source) : []
        var scanner = Scanner(source, map: map, badBytes: badBytes)
        do throws(ScanFault) {
            try scanner.run(from: text.start)
        } catch {
            return .failure(located(error, in: source, map: scanner.map))
        }
        var parts = Parts()
        (parts.definitions, parts.qualnameHashes) = Occurrences.numbered(scanner.definitions, in: source)
        parts.statements = scanner.statements
        parts.clauses = scanner.clauses
        parts.decorators = scanner.decorators
        parts.moduleDoc = scanner.moduleDoc
        parts.futureFlags = FutureFlags(statements: scanner.statements, in: source)
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

    /// Calls `body` with the source's bytes.
    func withSource<Value>(_ body: (SourceView) -> Value) -> Value {
        bytes.withUnsafeBufferPointer { body(SourceView($0)) }
    }
}

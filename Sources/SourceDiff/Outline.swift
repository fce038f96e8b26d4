/// What a Python source defines: every `def` and `class`, and the statements of module and class bodies.
///
/// Exact for every source that CPython 3.8 to 3.15 accepts; a source that CPython refuses may still have an outline,
/// because the scan is no full parse. Time and memory are linear in the source. All offsets are in bytes of `bytes`,
/// all lines are 1-based and ended by `\n`, `\r\n` or `\r`.
public struct Outline: Sendable {
    /// What the outline is read from.
    let storage: OutlineStorage

    /// Takes what a scan has found.
    init(storage: OutlineStorage) { self.storage = storage }

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
        let parts = try OutlineParts(scanning: text)
        storage = OutlineStorage(text, parts)
    }

    /// Scans a source that is text already, as `compile()` takes a `str`: a declaration of an encoding in it means
    /// nothing.
    public init(scanning text: String) throws(ScanError) {
        guard text.utf8.count <= SourceText.maximumSize else {
            throw ScanError(kind: .tooLarge, line: 0, column: 0)
        }
        let encoding = SourceEncoding(name: "utf-8", hasByteOrderMark: false)
        let source = SourceText(utf8: Array(text.utf8), like: encoding)
        storage = OutlineStorage(source, try OutlineParts(scanning: source))
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

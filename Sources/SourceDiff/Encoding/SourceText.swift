/// A source decoded to UTF-8 and checked for what no scan needs to look at again.
struct SourceText {
    /// U+FEFF in UTF-8.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// Offsets are kept in 32 bits.
    static let maximumSize = 1 << 30

    /// UTF-8, with a byte order mark if the source had one.
    var bytes: [UInt8]
    /// What the source declares.
    var encoding: SourceEncoding
    /// `bytes` are the caller's, not what these decode to.
    var isVerbatim = true
    /// Offset after the byte order mark.
    var start: Int

    /// A text that is known to be UTF-8 and to declare the same encoding as before.
    init(utf8 bytes: [UInt8], like encoding: SourceEncoding) {
        self.bytes = bytes
        self.encoding = encoding
        start = encoding.hasByteOrderMark ? 3 : 0
    }

    /// Decodes and checks. `decode`: asked for encodings that there is no table for; nil where it has none either.
    init(_ input: [UInt8], decode: (_ bytes: [UInt8], _ encoding: String) -> [UInt8]?)
        throws(ScanError)
    {
        guard input.count <= Self.maximumSize else {
            throw ScanError(kind: .tooLarge, line: 0, column: 0)
        }
        let hasMark = input.starts(with: Self.byteOrderMark)
        bytes = input
        start = hasMark ? 3 : 0
        let cookie = EncodingCookie.read(input, from: start)
        encoding = SourceEncoding(name: cookie?.name ?? "utf-8", hasByteOrderMark: hasMark)
        guard let cookie, !cookie.isUTF8 else { return }
        if hasMark { throw ScanError(kind: .encodingConflict, line: cookie.line, column: 0) }
        try decodeForeign(input, cookie, decode)
    }

    /// For a cookie that names no UTF-8. Throws `invalidUTF8` for a byte that the encoding does not have,
    /// `unknownEncoding` for one that CPython refuses, `unsupportedEncoding` if `decode` gives nil.
    private mutating func decodeForeign(
        _ input: [UInt8], _ cookie: EncodingCookie,
        _ decode: (_ bytes: [UInt8], _ encoding: String) -> [UInt8]?
    ) throws(ScanError) {
        switch cookie.codec {
        case .ascii:
            guard let position = input.firstIndex(where: { $0 >= 0x80 }) else { return }
            throw Self.error(.invalidUTF8, at: position, in: input)
        case .codePage(let page):
            bytes = try page.utf8(input)
            isVerbatim = false
        case .refused:
            throw ScanError(kind: .unknownEncoding, line: cookie.line, column: 0)
        case .external:
            guard let decoded = decode(input, cookie.name) else {
                throw ScanError(kind: .unsupportedEncoding, line: cookie.line, column: 0)
            }
            bytes = decoded
            isVerbatim = false
            start = decoded.starts(with: Self.byteOrderMark) ? 3 : 0
        }
    }

    /// An error with the line and column of a byte.
    static func error(_ kind: ScanError.Kind, at position: Int, in bytes: [UInt8]) -> ScanError {
        var line = 1
        var start = 0
        for index in 0..<position where Ascii.endsLine(bytes[index]) {
            if bytes[index] == Ascii.carriageReturn, index + 1 < bytes.count,
                bytes[index + 1] == Ascii.newline
            {
                continue
            }
            line += 1
            start = index + 1
        }
        return ScanError(kind: kind, line: line, column: position - start + 1)
    }
}

/// The encoding that a source declares by byte order mark or cookie (PEP 263).
public struct SourceEncoding: Sendable, Hashable {
    /// As the source spells it; `utf-8` if it declares none.
    public let name: String
    /// Starts with a UTF-8 byte order mark.
    public let hasByteOrderMark: Bool
}

/// A source decoded to UTF-8 and checked for what no scan needs to look at again.
struct SourceText {
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    static let maximumSize = 1 << 30

    var bytes: [UInt8]
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

/// UTF-8 validity as CPython's decoder sees it: no surrogates, no overlong forms, nothing above U+10FFFF.
enum UTF8Check {
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Offsets of the bytes that belong to no valid sequence, ascending; at most one for each start byte.
    static func invalidOffsets(in source: SourceView) -> [Int] {
        var bad: [Int] = []
        var position = 0
        while position < source.count {
            while position < source.count, source.isASCII32(at: position) { position += 32 }
            if source.word(at: position) & highBits == 0 {
                position += 8
                continue
            }
            let length = sequenceLength(at: position, in: source)
            if length == 0 { bad.append(position) }
            position += max(1, length)
        }
        return bad
    }

    /// Length of the valid sequence at `position`; 0 if there is none.
    private static func sequenceLength(at position: Int, in source: SourceView) -> Int {
        func continues(_ offset: Int) -> Bool { source[position + offset] & 0xC0 == 0x80 }
        let first = source[position]
        let second = source[position + 1]
        switch first {
        case ..<0x80: return 1
        case 0xC2...0xDF: return continues(1) ? 2 : 0
        case 0xE0...0xEF:
            guard continues(1), continues(2) else { return 0 }
            if first == 0xE0, second < 0xA0 { return 0 }
            return first == 0xED && second >= 0xA0 ? 0 : 3
        case 0xF0...0xF4:
            guard continues(1), continues(2), continues(3) else { return 0 }
            if first == 0xF0, second < 0x90 { return 0 }
            return first == 0xF4 && second >= 0x90 ? 0 : 4
        default: return 0
        }
    }
}

extension SourceView {
    /// True if the 32 bytes from `position` on are ASCII.
    @inline(__always)
    fileprivate func isASCII32(at position: Int) -> Bool {
        let bits =
            word(at: position) | word(at: position &+ 8) | word(at: position &+ 16)
            | word(at: position &+ 24)
        return bits & 0x8080_8080_8080_8080 == 0
    }
}

/// The `coding:` comment of PEP 263.
struct EncodingCookie {
    /// What reads text in this encoding.
    enum Codec {
        /// A byte above 0x7F is an error.
        case ascii
        /// Decoded here, by a generated table.
        case codePage(CodePage)
        /// Needs a decoder of the caller.
        case external
        /// Known to be no encoding that a Python source can have.
        case refused
    }

    /// As the source spells it.
    var name: String
    /// 1 or 2.
    var line: Int
    /// Lower case, `_` replaced by `-`.
    let normalized: String

    /// Whether the text is what it is already.
    var isUTF8: Bool { normalized == "utf-8" || normalized.starts(with: "utf-8-") || normalized == "utf8" }

    /// What the name stands for, as CPython's codecs do.
    var codec: Codec {
        switch normalized {
        case "ascii", "us-ascii", "646", "ansi-x3.4-1968", "cp367", "ibm367", "iso646-us": return .ascii
        case "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "rot13", "rot-13",
            "base64", "hex", "zlib",
            "bz2", "quopri", "uu", "idna", "punycode", "undefined":
            return .refused
        default: break
        }
        return CodePage.named(normalized).map(Codec.codePage) ?? .external
    }

    /// The cookie of the first line, or of the second one if the first holds no code.
    static func read(_ bytes: [UInt8], from start: Int) -> EncodingCookie? {
        var position = start
        for line in 1...2 {
            var end = position
            while end < bytes.count, !Ascii.endsLine(bytes[end]) { end += 1 }
            if let cookie = cookie(in: bytes[position..<end], line: line) { return cookie }
            guard bytes[position..<end].first(where: { !Ascii.isBlank($0) }).map({ $0 == Ascii.hash }) ?? true
            else {
                return nil
            }
            position = end + 1
            if end + 1 < bytes.count, bytes[end] == Ascii.carriageReturn, bytes[end + 1] == Ascii.newline {
                position += 1
            }
            if position >= bytes.count { return nil }
        }
        return nil
    }

    /// nil unless the line's first token is a comment with `coding:` or `coding=` and a name (PEP 263).
    private static func cookie(in line: ArraySlice<UInt8>, line number: Int) -> EncodingCookie? {
        guard let hash = line.firstIndex(where: { !Ascii.isBlank($0) }), line[hash] == Ascii.hash else {
            return nil
        }
        let word = Array("coding".utf8)
        var position = hash + 1
        while position + word.count < line.endIndex {
            defer { position += 1 }
            guard line[position..<position + word.count].elementsEqual(word) else { continue }
            let mark = line[position + word.count]
            guard mark == Ascii.colon || mark == Ascii.equals else { continue }
            let rest = line[(position + word.count + 1)...].drop { $0 == Ascii.space || $0 == Ascii.tab }
            let spelled = rest.prefix { byte in
                Ascii.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == 0x2D || byte == Ascii.underscore
                    || byte == Ascii.dot
            }
            if spelled.isEmpty { continue }
            let lower = spelled.map { byte in
                byte &- 0x41 < 26 ? byte | 0x20 : byte == Ascii.underscore ? 0x2D : byte
            }
            return EncodingCookie(
                name: String(decoding: spelled, as: UTF8.self), line: number,
                normalized: String(decoding: lower, as: UTF8.self))
        }
        return nil
    }
}

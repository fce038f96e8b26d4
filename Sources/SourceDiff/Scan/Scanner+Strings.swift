extension Scanner {
    /// Position after the string literal whose opening quote is at `quote`.
    @inline(__always)
    mutating func afterString(_ quote: Int, lineStart: Int) throws(ScanFault) -> Int {
        let before = source[quote &- 1] | 0x20
        if before == 0x66 || before == 0x72 || before == 0x74, quote > lineStart {
            let prefix = StringScanner.prefix(before: quote, in: source, notBefore: lineStart)
            if prefix.isFormatted {
                var scanner = StringScanner(source)
                return try scanner.end(ofLiteralAt: quote, prefix: prefix)
            }
        }
        let mark = source.base[quote]
        let end: Int
        if source[quote &+ 1] != mark {
            end = try afterPlainString(quote, mark)
        } else if source[quote &+ 2] == mark {
            end = try afterTripleString(quote, mark)
        } else {
            end = quote &+ 2
        }
        if quote &- lineStart <= 2 { leadingString = quote..<end }
        return end
    }

    /// Looks only at quotes, backslashes and line ends, 64 bytes a step. Throws at the opening quote if the
    /// line ends first.
    @inline(__always)
    private func afterPlainString(_ quote: Int, _ mark: UInt8) throws(ScanFault) -> Int {
        var block = (quote &+ 1) >> 6
        var keep: UInt64 = ~0 << UInt64(truncatingIfNeeded: (quote &+ 1) & 63)
        while block < map.blocks {
            var word = (map.quotes(block) | map.lines[block]) & keep
            var skipped = -1
            while word != 0 {
                let at = block &* 64 &+ word.trailingZeroBitCount
                word &= word &- 1
                let byte = source.base[at]
                if byte == mark { return at &+ 1 }
                if byte == Ascii.backslash {
                    skipped = at &+ 1
                    if source[skipped] == Ascii.carriageReturn, source[skipped &+ 1] == Ascii.newline {
                        skipped &+= 1
                    }
                    if skipped >> 6 != block { break }
                    word &= ~1 << UInt64(truncatingIfNeeded: skipped & 63)
                } else if Ascii.endsLine(byte) {
                    throw ScanFault(kind: .unterminatedString, position: quote)
                }
            }
            block &+= 1
            keep = skipped >> 6 == block ? ~1 << UInt64(truncatingIfNeeded: skipped & 63) : ~0
        }
        throw ScanFault(kind: .unterminatedString, position: quote)
    }

    /// As for a plain string, but line ends do not count. Throws at the opening quote if the text ends first.
    @inline(__always)
    private func afterTripleString(_ quote: Int, _ mark: UInt8) throws(ScanFault) -> Int {
        var block = (quote &+ 3) >> 6
        var keep: UInt64 = ~0 << UInt64(truncatingIfNeeded: (quote &+ 3) & 63)
        while block < map.blocks {
            var word = map.quotes(block) & keep
            var skipped = -1
            while word != 0 {
                let at = block &* 64 &+ word.trailingZeroBitCount
                word &= word &- 1
                let byte = source.base[at]
                if byte == mark {
                    if source[at &+ 1] == mark, source[at &+ 2] == mark { return at &+ 3 }
                } else if byte == Ascii.backslash {
                    skipped = at &+ 1
                    if skipped >> 6 != block { break }
                    word &= ~1 << UInt64(truncatingIfNeeded: skipped & 63)
                }
            }
            block &+= 1
            keep = skipped >> 6 == block ? ~1 << UInt64(truncatingIfNeeded: skipped & 63) : ~0
        }
        throw ScanFault(kind: .unterminatedTripleQuotedString, position: quote)
    }
}

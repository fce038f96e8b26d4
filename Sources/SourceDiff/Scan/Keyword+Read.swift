/// Keywords as the eight-byte words that a load from the source gives: the first letter lowest.
private enum Letters {
    static let asyncWord: UInt64 = 0x63_6E79_7361
    static let caseWord: UInt64 = 0x6573_6163
    static let classWord: UInt64 = 0x73_7361_6C63
    static let defWord: UInt64 = 0x666564
    static let elifWord: UInt64 = 0x6669_6C65
    static let elseWord: UInt64 = 0x6573_6C65
    static let exceptWord: UInt64 = 0x7470_6563_7865
    static let finallyWord: UInt64 = 0x79_6C6C_616E_6966
    static let forWord: UInt64 = 0x726F66
    static let globalWord: UInt64 = 0x6C61_626F_6C67
    static let ifWord: UInt64 = 0x6669
    static let matchWord: UInt64 = 0x68_6374_616D
    static let tryWord: UInt64 = 0x797274
    static let whileWord: UInt64 = 0x65_6C69_6877
    static let withWord: UInt64 = 0x6874_6977
}

extension SourceView {
    /// The keyword at `position`, the start of a logical line or of a statement after `;`.
    @inline(__always)
    func keyword(at position: Int) -> Keyword {
        let first = self[position]
        if first == Ascii.at { return .decorator }
        let second = self[position &+ 1] &- 0x61
        guard second < 26, Self.secondLetters(after: first) >> UInt32(second) & 1 == 1 else {
            return .none
        }
        return keywordSlow(at: position)
    }

    /// The letters, `a` lowest, that follow `first` in some keyword: a table that spares most lines the search.
    @inline(__always)
    private static func secondLetters(after first: UInt8) -> UInt32 {
        switch first {
        case 0x61: 1 << 18  // as
        case 0x63: 1 << 0 | 1 << 11  // ca, cl
        case 0x64: 1 << 4  // de
        case 0x65: 1 << 11 | 1 << 23  // el, ex
        case 0x66: 1 << 8 | 1 << 14  // fi, fo
        case 0x67: 1 << 11  // gl
        case 0x69: 1 << 5  // if
        case 0x6D: 1 << 0  // ma
        case 0x74: 1 << 17  // tr
        case 0x77: 1 << 7 | 1 << 8  // wh, wi
        default: 0
        }
    }

    /// Compares the whole word. Called for lines whose first two letters begin a keyword.
    private func keywordSlow(at position: Int) -> Keyword {
        let word = word(at: position)
        switch UInt8(truncatingIfNeeded: word) {
        case 0x61: return asyncKeyword(word, at: position)
        case 0x63:
            if matches(word, Letters.classWord, 5) { return .classDef }
            return matches(word, Letters.caseWord, 4) ? .caseSoft : .none
        case 0x64: return matches(word, Letters.defWord, 3) ? .def : .none
        case 0x65:
            if matches(word, Letters.elseWord, 4) { return .elseClause }
            if matches(word, Letters.elifWord, 4) { return .elifClause }
            return matches(word, Letters.exceptWord, 6) ? .exceptClause : .none
        case 0x66:
            if matches(word, Letters.forWord, 3) { return .forLoop }
            return matches(word, Letters.finallyWord, 7) ? .finallyClause : .none
        case 0x67: return matches(word, Letters.globalWord, 6) ? .globalDeclaration : .none
        case 0x69: return matches(word, Letters.ifWord, 2) ? .ifClause : .none
        case 0x6D: return matches(word, Letters.matchWord, 5) ? .matchSoft : .none
        case 0x74: return matches(word, Letters.tryWord, 3) ? .tryClause : .none
        case 0x77:
            if matches(word, Letters.withWord, 4) { return .withBlock }
            return matches(word, Letters.whileWord, 5) ? .whileLoop : .none
        default: return .none
        }
    }

    /// True if `word`, eight bytes of source, starts with the name `letters` of `length` bytes, the first one lowest.
    @inline(__always)
    private func matches(_ word: UInt64, _ letters: UInt64, _ length: UInt64) -> Bool {
        let mask: UInt64 = (1 << (length &* 8)) &- 1
        return word & mask == letters
            && !Ascii.continuesName(UInt8(truncatingIfNeeded: word >> (length &* 8)))
    }

    /// `async` alone is no keyword: the word behind it decides.
    private func asyncKeyword(_ word: UInt64, at position: Int) -> Keyword {
        guard matches(word, Letters.asyncWord, 5) else { return .none }
        let next = skipBlanks(from: position &+ 5)
        switch self[next] {
        case 0x64: return matches(self.word(at: next), Letters.defWord, 3) ? .asyncDef : .none
        case 0x66: return matches(self.word(at: next), Letters.forWord, 3) ? .forLoop : .none
        case 0x77: return matches(self.word(at: next), Letters.withWord, 4) ? .withBlock : .none
        default: return .none
        }
    }

    /// First position from `start` on that is neither blank nor a continued line end.
    @inline(__always)
    func skipBlanks(from start: Int) -> Int {
        var position = start
        while true {
            let byte = self[position]
            if Ascii.isBlank(byte) {
                position &+= 1
            } else if byte == Ascii.backslash, Ascii.endsLine(self[position &+ 1]) {
                position &+=
                    self[position &+ 1] == Ascii.carriageReturn && self[position &+ 2] == Ascii.newline
                    ? 3 : 2
            } else {
                return position
            }
        }
    }

    /// False if neither a string literal nor a parenthesis can stand at `position`: a cheap test before
    /// tokens are read.
    func mayStartString(at position: Int) -> Bool {
        for offset in 0..<3 {
            let byte = self[position + offset]
            if Ascii.isQuote(byte) || (offset == 0 && byte == Ascii.openParen) { return true }
            guard Ascii.startsName(byte) else { return false }
        }
        return false
    }

    /// First position after the name at `start`.
    @inline(__always)
    func nameEnd(from start: Int) -> Int {
        var position = start
        while true {
            let others = Self.others(in: word(at: position))
            if others != 0 { return position &+ others.trailingZeroBitCount >> 3 }
            position &+= 8
        }
    }

    /// The high bit of each of eight bytes that cannot stand in a name.
    @inline(__always)
    private static func others(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let low = word & (0x7F &* ones)
        let folded = low | (0x20 &* ones)
        // Sums below 0x100: a byte's high bit says that it is at least 'a' or '0', or above 'z' or '9'.
        let letters = (folded &+ (0x1F &* ones)) & ~(folded &+ (0x05 &* ones))
        let digits = (low &+ (0x50 &* ones)) & ~(low &+ (0x46 &* ones))
        let underscores = ~((low ^ (0x5F &* ones)) &+ (0x7F &* ones))
        return ~(word | letters | digits | underscores) & (0x80 &* ones)
    }

    /// `end` moved back over blanks and continued line ends, not before `start`.
    @inline(__always)
    func trimBack(_ end: Int, notBefore start: Int) -> Int {
        var end = end
        while end > start {
            let byte = self[end &- 1]
            if Ascii.isBlank(byte) || byte == Ascii.carriageReturn {
                end &-= 1
            } else if byte == Ascii.newline || byte == Ascii.backslash {
                end &-= 1
            } else {
                break
            }
        }
        return end
    }
}

/// Keywords as the eight-byte words that a load from the source gives: the first letter lowest.
private enum Letters {
    static let asyncWord: UInt64 = 0x636E797361
    static let caseWord: UInt64 = 0x65736163
    static let classWord: UInt64 = 0x7373616C63
    static let defWord: UInt64 = 0x666564
    static let elifWord: UInt64 = 0x66696C65
    static let elseWord: UInt64 = 0x65736C65
    static let exceptWord: UInt64 = 0x747065637865
    static let finallyWord: UInt64 = 0x796C6C616E6966
    static let forWord: UInt64 = 0x726F66
    static let globalWord: UInt64 = 0x6C61626F6C67
    static let ifWord: UInt64 = 0x6669
    static let matchWord: UInt64 = 0x686374616D
    static let tryWord: UInt64 = 0x797274
    static let whileWord: UInt64 = 0x656C696877
    static let withWord: UInt64 = 0x68746977
}

extension SourceView {
    /// The keyword at `position`, the start of a logical line or of a statement after `;`.
    @inline(__always)
    func keyword(at position: Int) -> Keyword {
        switch self[position] {
        case 0x61, 0x63, 0x64, 0x65, 0x66, 0x67, 0x69, 0x6D, 0x74, 0x77: keywordSlow(at: position)
        case Ascii.at: .decorator
        default: .none
        }
    }

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

    /// First position after the name at `start`.
    @inline(__always)
    func nameEnd(from start: Int) -> Int {
        var position = start
        while Ascii.continuesName(self[position]) { position &+= 1 }
        return position
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

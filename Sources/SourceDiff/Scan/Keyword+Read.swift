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
            if matches(word, "class", at: position) { return .classDef }
            return matches(word, "case", at: position) ? .caseSoft : .none
        case 0x64: return matches(word, "def", at: position) ? .def : .none
        case 0x65:
            if matches(word, "else", at: position) { return .elseClause }
            if matches(word, "elif", at: position) { return .elifClause }
            return matches(word, "except", at: position) ? .exceptClause : .none
        case 0x66:
            if matches(word, "for", at: position) { return .forLoop }
            return matches(word, "finally", at: position) ? .finallyClause : .none
        case 0x67: return matches(word, "global", at: position) ? .globalDeclaration : .none
        case 0x69: return matches(word, "if", at: position) ? .ifClause : .none
        case 0x6D: return matches(word, "match", at: position) ? .matchSoft : .none
        case 0x74: return matches(word, "try", at: position) ? .tryClause : .none
        case 0x77:
            if matches(word, "with", at: position) { return .withBlock }
            return matches(word, "while", at: position) ? .whileLoop : .none
        default: return .none
        }
    }

    /// True if the name at `position`, whose first bytes are in `word`, is `text` (at most 7 ASCII letters).
    @inline(__always)
    private func matches(_ word: UInt64, _ text: StaticString, at position: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        var expected: UInt64 = 0
        for index in 0..<length {
            expected |= UInt64(text.utf8Start[index]) << UInt64(index &* 8)
        }
        let mask: UInt64 = (1 << UInt64(length &* 8)) &- 1
        return word & mask == expected
            && !Ascii.continuesName(UInt8(truncatingIfNeeded: word >> UInt64(length &* 8)))
    }

    private func asyncKeyword(_ word: UInt64, at position: Int) -> Keyword {
        guard matches(word, "async", at: position) else { return .none }
        let next = skipBlanks(from: position &+ 5)
        switch self[next] {
        case 0x64: return matches(self.word(at: next), "def", at: next) ? .asyncDef : .none
        case 0x66: return matches(self.word(at: next), "for", at: next) ? .forLoop : .none
        case 0x77: return matches(self.word(at: next), "with", at: next) ? .withBlock : .none
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
                position &+= self[position &+ 1] == Ascii.carriageReturn && self[position &+ 2] == Ascii.newline ? 3 : 2
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

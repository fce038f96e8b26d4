/// Python's hard keywords: none of them can name a definition.
enum ReservedWords {
    /// True if the bytes of `range` spell a keyword.
    @inline(__always)
    static func contains(_ range: Range<Int>, in source: SourceView) -> Bool {
        guard range.count <= 8, range.count >= 2 else { return false }
        let keep: UInt64 = range.count == 8 ? ~0 : (1 << UInt64(range.count &* 8)) &- 1
        return contains(source.word(at: range.lowerBound) & keep)
    }

    /// True if the eight bytes, the first one lowest, spell a keyword and zeros.
    private static func contains(_ word: UInt64) -> Bool {
        switch word {
        case 0x65736C6146: true  // False
        case 0x656E6F4E: true  // None
        case 0x65757254: true  // True
        case 0x646E61: true  // and
        case 0x7361: true  // as
        case 0x747265737361: true  // assert
        case 0x636E797361: true  // async
        case 0x7469617761: true  // await
        case 0x6B61657262: true  // break
        case 0x7373616C63: true  // class
        case 0x65756E69746E6F63: true  // continue
        case 0x666564: true  // def
        case 0x6C6564: true  // del
        case 0x66696C65: true  // elif
        case 0x65736C65: true  // else
        case 0x747065637865: true  // except
        case 0x796C6C616E6966: true  // finally
        case 0x726F66: true  // for
        case 0x6D6F7266: true  // from
        case 0x6C61626F6C67: true  // global
        case 0x6669: true  // if
        case 0x74726F706D69: true  // import
        case 0x6E69: true  // in
        case 0x7369: true  // is
        case 0x6164626D616C: true  // lambda
        case 0x6C61636F6C6E6F6E: true  // nonlocal
        case 0x746F6E: true  // not
        case 0x726F: true  // or
        case 0x73736170: true  // pass
        case 0x6573696172: true  // raise
        case 0x6E7275746572: true  // return
        case 0x797274: true  // try
        case 0x656C696877: true  // while
        case 0x68746977: true  // with
        case 0x646C656979: true  // yield
        default: false
        }
    }

    /// A keyword after which an operand starts: every hard keyword but the constants.
    static func isOperator(_ range: Range<Int>, in source: SourceView) -> Bool {
        contains(range, in: source) && !source.spells("None", range) && !source.spells("True", range)
            && !source.spells("False", range)
    }
}

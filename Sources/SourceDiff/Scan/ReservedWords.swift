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
        case 0x65_736C_6146: true  // False
        case 0x656E_6F4E: true  // None
        case 0x6575_7254: true  // True
        case 0x646E61: true  // and
        case 0x7361: true  // as
        case 0x7472_6573_7361: true  // assert
        case 0x63_6E79_7361: true  // async
        case 0x74_6961_7761: true  // await
        case 0x6B_6165_7262: true  // break
        case 0x73_7361_6C63: true  // class
        case 0x6575_6E69_746E_6F63: true  // continue
        case 0x666564: true  // def
        case 0x6C6564: true  // del
        case 0x6669_6C65: true  // elif
        case 0x6573_6C65: true  // else
        case 0x7470_6563_7865: true  // except
        case 0x79_6C6C_616E_6966: true  // finally
        case 0x726F66: true  // for
        case 0x6D6F_7266: true  // from
        case 0x6C61_626F_6C67: true  // global
        case 0x6669: true  // if
        case 0x7472_6F70_6D69: true  // import
        case 0x6E69: true  // in
        case 0x7369: true  // is
        case 0x6164_626D_616C: true  // lambda
        case 0x6C61_636F_6C6E_6F6E: true  // nonlocal
        case 0x746F6E: true  // not
        case 0x726F: true  // or
        case 0x7373_6170: true  // pass
        case 0x65_7369_6172: true  // raise
        case 0x6E72_7574_6572: true  // return
        case 0x797274: true  // try
        case 0x65_6C69_6877: true  // while
        case 0x6874_6977: true  // with
        case 0x64_6C65_6979: true  // yield
        default: false
        }
    }

    /// A keyword after which an operand starts: every hard keyword but the constants.
    static func isOperator(_ range: Range<Int>, in source: SourceView) -> Bool {
        contains(range, in: source) && !source.spells("None", range) && !source.spells("True", range)
            && !source.spells("False", range)
    }
}

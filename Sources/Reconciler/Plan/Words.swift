/// The runs of letters, digits and underscores in some source.
struct Words: Sequence, IteratorProtocol {
    /// The text behind the last word.
    private var rest: ArraySlice<UInt8>
    /// Whether a dot stands directly before the last word, or a quotation mark: `getattr(a, "b")` may mean `a.b`.
    private(set) var isAttribute = false
    /// The first word of the dotted path that the last one is in: itself, if no dot stands before it. Nil behind what is
    /// no name, as `f().a`.
    private(set) var root: ArraySlice<UInt8>?

    /// `text`: bytes of UTF-8; a byte above 0x7F counts as a letter.
    init(_ text: ArraySlice<UInt8>) { rest = text }

    /// Also words in strings and comments: they are taken for uses rather than missed.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let first = rest.firstIndex(where: Self.isPart) else { return nil }
        let before = first > rest.startIndex ? rest[first - 1] : 0
        isAttribute = ".'\"".utf8.contains(before)
        let isNext = before == UInt8(ascii: ".") && first == rest.startIndex + 1
        let end = rest[first...].firstIndex { !Self.isPart($0) } ?? rest.endIndex
        defer { rest = rest[end...] }
        if !isAttribute { root = rest[first..<end] } else if !isNext { root = nil }
        return rest[first..<end]
    }

    /// As in an identifier of Python, but digits may begin a word.
    static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xff:
            true
        default: false
        }
    }
}

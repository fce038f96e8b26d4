/// Positions of tokens relative to the first line of a span.
struct PositionReader {
    /// A token, and where it stands.
    struct Position: Equatable {
        /// From 0, the line of the span's start.
        var line: Int
        /// From 0, in bytes of the whole line, as CPython counts in `co_positions()`.
        var column: Int
        /// Bytes of the token.
        var length: Int
    }

    private let source: SourceView
    private var reader: TokenReader
    private var line = 0
    /// Where the present line begins; it may lie before the span.
    private var lineStart: Int
    /// Up to here line ends have been counted.
    private var at: Int

    /// Reads from `start` to `end`.
    init(from start: Int, to end: Int, in source: SourceView) {
        self.source = source
        reader = TokenReader(start..<end, in: source)
        at = start
        lineStart = start
        while lineStart > 0, !Ascii.endsLine(source[lineStart - 1]) { lineStart -= 1 }
    }

    /// The next one; nil at the end.
    mutating func next() -> Position? {
        var token = reader.next()
        while token.kind != .end, token.kind != .name, token.kind != .number, token.kind != .string,
            token.kind != .symbol
        {
            token = reader.next()
        }
        guard token.kind != .end else { return nil }
        while at < token.start {
            let byte = source[at]
            at += 1
            if byte == Ascii.newline || (byte == Ascii.carriageReturn && source[at] != Ascii.newline) {
                line += 1
                lineStart = at
            }
        }
        return Position(line: line, column: token.start - lineStart, length: token.end - token.start)
    }
}

/// Why a text is no Python source, and where.
public struct ScanError: Error, Sendable, Hashable {
    /// What is wrong. The scanner reports what stops it from knowing the definitions; it is not a full parser.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// More than 2^30 bytes: offsets are kept in 32 bits. The position is 0.
        case tooLarge
        /// At the first one. CPython refuses such a source, too.
        case nullByte
        /// Also a `;` in brackets or with no statement before it.
        case invalidCharacter
        /// Also a byte that the declared code page does not have. Bytes in comments are let through where
        /// UTF-8 is read.
        case invalidUTF8
        /// CPython has no such encoding for sources, UTF-16 for example. The column is 0.
        case unknownEncoding
        /// There is no table for it here, and the caller's decoder gave nil. The column is 0.
        case unsupportedEncoding
        /// A mark of UTF-8 and a cookie that names something else (PEP 263). The column is 0.
        case encodingConflict
        /// At the opening quote.
        case unterminatedString
        /// At the opening quote, which may be far above the end of the text.
        case unterminatedTripleQuotedString
        /// At the field's opening brace.
        case unterminatedField
        case singleClosingBrace
        /// Nothing but blanks stands between the braces, or before the field's colon.
        case emptyField
        /// CPython's own limit (MAXFSTRINGLEVEL of its tokenizer).
        case nestedTooDeeply
        /// At the end of the text: the bracket took in all that followed.
        case unclosedBracket
        case unmatchedBracket
        case mismatchedBracket
        /// CPython's own limit (MAXLEVEL of its tokenizer).
        case tooManyBrackets
        /// CPython's own limit (MAXINDENT of its tokenizer).
        case tooManyIndents
        /// Also a backslash at the end of the text.
        case badContinuation
        /// CPython raises TabError.
        case inconsistentTabs
        /// CPython raises IndentationError: "unindent does not match any outer indentation level".
        case inconsistentDedent
        case unexpectedIndent
        case expectedBlock
        case expectedColon
        /// Behind `def` or `class`: none, a keyword, or a name with the wrong sign behind it.
        case expectedName
        /// Behind `;`, or in the body of a one-line block.
        case compoundStatementOnLine
        case decoratorWithoutDefinition
    }

    /// What is wrong.
    public var kind: Kind
    /// 1-based; `\n`, `\r\n` and `\r` end a line. 0 if the error concerns the whole text.
    public var line: Int
    /// 1-based, in bytes of the scanned text. 0 if the error concerns the whole line.
    public var column: Int

    /// An error of `kind` at a 1-based line and byte column.
    public init(kind: Kind, line: Int, column: Int) {
        self.kind = kind
        self.line = line
        self.column = column
    }
}

extension ScanError: CustomStringConvertible {
    /// The sentence for a reader, without the position.
    public var description: String {
        switch kind {
        case .tooLarge: "the source is larger than 1 GiB"
        case .nullByte: "the source contains a null byte"
        case .invalidCharacter: "a character that no Python token starts with"
        case .invalidUTF8: "a byte that is not UTF-8, and no encoding is declared"
        case .unknownEncoding: "the declared encoding is unknown"
        case .unsupportedEncoding: "the declared encoding needs a decoder of the caller"
        case .encodingConflict: "a UTF-8 byte order mark, but another encoding is declared"
        case .unterminatedString: "a string literal is not closed on its line"
        case .unterminatedTripleQuotedString: "a triple-quoted string literal is not closed"
        case .unterminatedField: "a replacement field of an f-string is not closed"
        case .singleClosingBrace: "a single '}' in an f-string"
        case .emptyField: "a replacement field of an f-string is empty"
        case .nestedTooDeeply: "f-strings are nested more than 150 deep"
        case .unclosedBracket: "a bracket is never closed"
        case .unmatchedBracket: "a closing bracket without an opening one"
        case .mismatchedBracket: "a closing bracket does not match the opening one"
        case .tooManyBrackets: "more than 200 nested brackets"
        case .tooManyIndents: "more than 99 levels of indentation"
        case .badContinuation: "something follows the backslash that continues the line"
        case .inconsistentTabs: "tabs and spaces are mixed so that the indentation depends on the tab width"
        case .inconsistentDedent: "the indentation matches no outer level"
        case .unexpectedIndent: "the line is indented, but no block starts here"
        case .expectedBlock: "an indented block is expected"
        case .expectedColon: "a colon is expected"
        case .expectedName: "a name is expected"
        case .compoundStatementOnLine: "a compound statement cannot stand on this line"
        case .decoratorWithoutDefinition: "a decorator without a definition after it"
        }
    }
}

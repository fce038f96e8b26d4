/// The encoding that a source declares by byte order mark or cookie (PEP 263).
public struct SourceEncoding: Sendable, Hashable {
    /// As the source spells it; `utf-8` if it declares none.
    public let name: String
    /// Starts with a UTF-8 byte order mark.
    public let hasByteOrderMark: Bool
}

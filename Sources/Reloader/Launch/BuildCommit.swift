import CLinuxShims

/// The commit that this program was packaged from.
package enum BuildCommit {
    /// Hexadecimal digits; empty in a program that no package was made of.
    package static var text: String {
        var bytes = [CChar](repeating: 0, count: 48)
        midflight_commit(&bytes)
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

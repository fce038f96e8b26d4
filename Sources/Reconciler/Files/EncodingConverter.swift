import Glibc
import Reloader

/// Converts sources in encodings that the scanner has no table for (gbk, shift_jis, utf-7…) with the system's iconv(1).
///
/// Not with iconv(3): glibc loads its tables as shared objects, which a static program may only do beside the very
/// glibc that it was linked with (2.36 aborts in a tree of 2.31).
package enum EncodingConverter {
    /// The first that can be executed is taken; PATH is not searched.
    private static let programs = ["/usr/bin/iconv", "/bin/iconv"]

    /// Nil if the system does not know the encoding or the bytes are not valid in it. `name`: as Python spells it.
    package static func utf8(_ bytes: [UInt8], from name: String) -> [UInt8]? {
        guard let program = programs.first(where: { access($0, X_OK) == 0 }),
            // A name is a word of a comment in somebody's file: never an option.
            let first = name.first, first.isLetter || first.isNumber
        else { return nil }
        let hyphens = String(name.map { $0 == "_" ? "-" : $0 })
        for spelling in hyphens == name ? [name] : [name, hyphens] {
            let command = [program, "-f", spelling, "-t", "UTF-8"]
            if let converted = FilterProgram.output(of: command, input: bytes) { return converted }
        }
        return nil
    }
}

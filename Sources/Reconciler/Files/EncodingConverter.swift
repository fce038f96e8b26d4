import Glibc

/// Converts sources in encodings that the scanner has no table for (gbk, shift_jis, utf-7…) with the C library's tables.
package enum EncodingConverter {
    /// Nil if the library does not know the encoding or the bytes are not valid in it. `name`: as Python spells it.
    package static func utf8(_ bytes: [UInt8], from name: String) -> [UInt8]? {
        let hyphens = String(name.map { $0 == "_" ? "-" : $0 })
        return convert(bytes, from: name) ?? (hyphens == name ? nil : convert(bytes, from: hyphens))
    }

    private static func convert(_ bytes: [UInt8], from name: String) -> [UInt8]? {
        guard let converter = iconv_open("UTF-8", name), converter != iconv_t(bitPattern: -1) else {
            return nil
        }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        // No encoding's character needs more than four bytes of UTF-8 for each of its own.
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
        let written = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target -> Int? in
                var from = source.baseAddress
                var fromLeft = source.count
                var to = target.baseAddress
                var toLeft = target.count
                guard iconv(converter, &from, &fromLeft, &to, &toLeft) != -1, fromLeft == 0,
                    iconv(converter, nil, nil, &to, &toLeft) != -1
                else { return nil }
                return target.count - toLeft
            }
        }
        return written.map { output[..<$0].map { UInt8(bitPattern: $0) } }
    }
}

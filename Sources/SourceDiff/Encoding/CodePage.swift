/// An 8-bit encoding whose lower half is ASCII.
struct CodePage {
    /// Unicode scalars of the bytes 0x80 to 0xFF; 0 where the byte is undefined.
    let upper: [UInt16]

    /// The table of an encoding by its normalised name.
    static func named(_ name: String) -> CodePage? {
        switch name {
        case "latin-1", "iso-8859-1", "iso-latin-1", "iso8859-1", "latin1", "l1", "8859", "cp819":
            CodePage(upper: Array(0x80...0xFF))
        default: nil
        }
    }

    /// `input` in UTF-8.
    func utf8(_ input: [UInt8]) throws(ScanError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(input.count + input.count / 4)
        for (position, byte) in input.enumerated() {
            if byte < 0x80 {
                output.append(byte)
                continue
            }
            let scalar = upper[Int(byte) - 0x80]
            guard scalar != 0 else { throw SourceText.error(.invalidUTF8, at: position, in: input) }
            if scalar < 0x800 {
                output.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
            } else {
                output.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
                output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
            }
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        }
        return output
    }
}

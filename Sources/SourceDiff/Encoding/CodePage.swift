/// An 8-bit encoding whose lower half is ASCII.
struct CodePage {
    /// Unicode scalars of the bytes 0x80 to 0xFF; 0 where the byte is undefined.
    let upper: [UInt16]

    /// The table of an encoding by its normalised name.
    static func named(_ name: String) -> CodePage? {
        for row in CodePageTables.rows
        where row.names.description.split(separator: " ").contains(where: { $0 == name }) {
            return CodePage(hexadecimal: row.scalars)
        }
        return nil
    }

    /// `digits`: four for each of the 128 upper bytes, as the generated table has them.
    private init(hexadecimal digits: StaticString) {
        let bytes = UnsafeBufferPointer(start: digits.utf8Start, count: digits.utf8CodeUnitCount)
        upper = stride(from: 0, to: bytes.count, by: 4).map { start in
            bytes[start..<start + 4].reduce(0) { $0 << 4 | UInt16(EscapeReader.digit($1) ?? 0) }
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

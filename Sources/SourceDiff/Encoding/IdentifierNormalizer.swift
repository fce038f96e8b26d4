/// NFKC of identifiers, as CPython applies it to every name in a source.
enum IdentifierNormalizer {
    /// `name` in NFKC; itself if it is ASCII or no UTF-8.
    static func normalized(_ name: [UInt8]) -> [UInt8] {
        guard name.contains(where: { $0 >= 0x80 }), let text = String(validating: name, as: UTF8.self) else {
            return name
        }
        var scalars: [UInt32] = []
        for scalar in text.unicodeScalars { tables.decompose(scalar.value, into: &scalars) }
        reorder(&scalars)
        compose(&scalars)
        var output: [UInt8] = []
        for scalar in scalars { EscapeReader.append(scalar: scalar, to: &output) }
        return output
    }

    /// Made at the first identifier that is not ASCII, then shared by all threads.
    private static let tables = Tables()

    /// Canonical order: marks between two starters sorted by combining class, equal classes in place.
    private static func reorder(_ scalars: inout [UInt32]) {
        var index = 1
        while index < scalars.count {
            let combining = tables.combiningClass(scalars[index])
            var place = index
            while place > 0, combining > 0, tables.combiningClass(scalars[place - 1]) > combining {
                scalars.swapAt(place, place - 1)
                place -= 1
            }
            index += 1
        }
    }

    /// Joins each mark with the last starter unless a mark of the same or a higher class stands between (UAX
    /// #15).
    private static func compose(_ scalars: inout [UInt32]) {
        var output: [UInt32] = []
        var starter: Int?
        var lastClass: UInt32 = 0
        for scalar in scalars {
            let combining = tables.combiningClass(scalar)
            let isBlocked = starter.map { $0 < output.count - 1 && lastClass >= combining } ?? true
            if let place = starter, !isBlocked, let composite = tables.composite(output[place], scalar) {
                output[place] = composite
                continue
            }
            if combining == 0 { starter = output.count }
            lastClass = combining
            output.append(scalar)
        }
        scalars = output
    }
}

/// The generated rows, unpacked at the first identifier outside of ASCII.
private struct Tables: Sendable {
    /// Compatibility decompositions, full ones: what they contain needs no further step.
    private var decompositions: [UInt32: [UInt32]] = [:]
    /// Only those that are not 0.
    private var classes: [UInt32: UInt32] = [:]
    /// The first scalar in the high 32 bits of the key, the second in the low ones.
    private var composites: [UInt64: UInt32] = [:]

    /// Syllables are computed, not listed (The Unicode Standard, 3.12).
    private enum Hangul {
        static let syllables: UInt32 = 0xAC00
        static let leading: UInt32 = 0x1100
        static let vowel: UInt32 = 0x1161
        static let trailing: UInt32 = 0x11A7
        static let vowelCount: UInt32 = 21
        static let trailingCount: UInt32 = 28
        static let count: UInt32 = 11172
    }

    /// Unpacks the tables.
    init() {
        Self.eachRow(NormalizationTables.shifts) { row in
            for step in 0...row[1] { decompositions[row[0] + step] = [row[2] + step] }
        }
        Self.eachRow(NormalizationTables.decompositions) { row in
            decompositions[row[0]] = Array(row.dropFirst())
        }
        Self.eachRow(NormalizationTables.combiningClasses) { row in
            for step in 0...row[1] { classes[row[0] + step] = row[2] }
        }
        Self.eachRow(NormalizationTables.compositions) { row in
            composites[UInt64(row[1]) << 32 | UInt64(row[2])] = row[0]
        }
    }

    /// Rows end with a comma; numbers have base 36, and the first of a row counts from that of the row
    /// before.
    private static func eachRow(_ text: StaticString, _ body: ([UInt32]) -> Void) {
        var row: [UInt32] = []
        var value: UInt32 = 0
        var previous: UInt32 = 0
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        for byte in Array(bytes) + [Ascii.comma] {
            if Ascii.isDigit(byte) {
                value = value * 36 + UInt32(byte &- 0x30)
            } else if byte &- 0x61 < 26 {
                value = value * 36 + UInt32(byte &- 0x61) + 10
            } else {
                row.append(value)
                value = 0
            }
            guard byte == Ascii.comma else { continue }
            row[0] += previous
            previous = row[0]
            body(row)
            row.removeAll(keepingCapacity: true)
        }
    }

    /// How the scalar combines with others; 0 for most.
    func combiningClass(_ scalar: UInt32) -> UInt32 { scalar < 0x300 ? 0 : classes[scalar] ?? 0 }

    /// Writes what the scalar consists of.
    func decompose(_ scalar: UInt32, into output: inout [UInt32]) {
        let offset = scalar &- Hangul.syllables
        if offset < Hangul.count {
            output.append(Hangul.leading + offset / (Hangul.vowelCount * Hangul.trailingCount))
            output.append(Hangul.vowel + offset / Hangul.trailingCount % Hangul.vowelCount)
            let trailing = offset % Hangul.trailingCount
            if trailing > 0 { output.append(Hangul.trailing + trailing) }
        } else if let decomposition = decompositions[scalar] {
            output.append(contentsOf: decomposition)
        } else {
            output.append(scalar)
        }
    }

    /// What two scalars become together; nil if they stay two.
    func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        let leading = first &- Hangul.leading
        let vowel = second &- Hangul.vowel
        if leading < 19, vowel < Hangul.vowelCount {
            return Hangul.syllables + (leading * Hangul.vowelCount + vowel) * Hangul.trailingCount
        }
        let syllable = first &- Hangul.syllables
        let trailing = second &- Hangul.trailing
        if syllable < Hangul.count, syllable % Hangul.trailingCount == 0, trailing > 0,
            trailing < Hangul.trailingCount
        {
            return first + trailing
        }
        return composites[UInt64(first) << 32 | UInt64(second)]
    }
}

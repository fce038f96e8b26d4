/// The lines of a code object's instructions.
package struct LineTable: Sendable, Hashable {
    /// How a version of CPython writes the table.
    package enum Form: Sendable, Hashable {
        /// Pairs of bytes: instructions, lines (Objects/lnotab_notes.txt).
        case lnotab
        /// Pairs of bytes: instructions, lines, -128 for none (PEP 626).
        case ranges
        /// Entries of several bytes, with columns (Objects/locations.md, `InternalDocs/code_objects.md`).
        case locations
    }

    /// How the table is written.
    let form: Form
    /// What its lines count from.
    let firstLine: Int
    private let bytes: [UInt8]

    /// `bytes`: the table as the process has it; it may be cut or nonsense. `firstLine`: 1-based, what counts from.
    package init(_ bytes: [UInt8], form: Form, firstLine: Int) {
        self.form = form
        self.firstLine = firstLine
        self.bytes = bytes
    }

    /// The line of the instruction at `position`, in bytes; the first line of the code where the table does not say.
    package func line(at position: Int) -> Int {
        guard position >= 0 else { return firstLine }
        switch form {
        case .lnotab: return lnotab(position)
        case .ranges: return ranges(position) ?? firstLine
        case .locations: return locations(position) ?? firstLine
        }
    }

    private func lnotab(_ position: Int) -> Int {
        var (address, line) = (0, firstLine)
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            address += Int(bytes[index])
            if address > position { break }
            line += Int(Int8(bitPattern: bytes[index + 1]))
        }
        return line
    }

    private func ranges(_ position: Int) -> Int? {
        var (end, line) = (0, firstLine)
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            end += Int(bytes[index])
            let delta = Int8(bitPattern: bytes[index + 1])
            if delta != -128 { line += Int(delta) }
            if position < end { return delta == -128 ? nil : line }
        }
        return nil
    }

    private func locations(_ position: Int) -> Int? {
        var (end, line, index) = (0, firstLine, 0)
        while index < bytes.count {
            let head = bytes[index]
            index += 1
            guard head & 0x80 != 0 else { return nil }
            end += (Int(head & 7) + 1) * 2
            let kind = Int(head >> 3 & 15)
            switch kind {
            case 0...9: index += 1
            case 10...12:
                line &+= kind - 10
                index += 2
            case 13, 14:
                // Of a table that was read half old and half new it may be any number.
                line &+= signed(&index)
                if kind == 14 { for _ in 0..<3 { _ = number(&index) } }  // columns, which nobody asks for
            default: break
            }
            if position < end { return kind == 15 ? nil : line }
        }
        return nil
    }

    /// Six bits a byte, the lowest first; bit 6 says that another byte follows.
    private func number(_ index: inout Int) -> Int {
        var (value, shift) = (0, 0)
        while index < bytes.count, shift < 60 {
            let byte = bytes[index]
            index += 1
            value |= Int(byte & 0x3f) << shift
            if byte & 0x40 == 0 { break }
            shift += 6
        }
        return value
    }

    private func signed(_ index: inout Int) -> Int {
        let value = number(&index)
        return value & 1 == 1 ? -(value >> 1) : value >> 1
    }
}

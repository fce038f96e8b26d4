/// What a code object says of itself.
package struct CodeName: Sendable, Hashable {
    /// `co_name`.
    package var name: String
    /// With its classes and the functions around it; the name where the version has none.
    package var qualifiedName: String
    /// `co_filename`: as the process spells it.
    package var file: String
    /// `co_firstlineno`, 1-based. With decorators it is the line of the first one.
    package var firstLine: Int
    /// Where its instructions stand in the source.
    var lines: LineTable

    /// The line of the instruction at `position`, in bytes from the first one.
    package func line(at position: Int) -> Int { lines.line(at: position) }
}

/// Names and lines of the code objects of a process, read once for each of them, and looked at again every time they
/// are asked for: the memory of one that is gone may hold another.
package final class CodeNames {
    private struct Entry {
        /// The first bytes of the code object.
        var head: [UInt8]
        /// What they say.
        var name: CodeName
        /// The last question in which it was looked at.
        var question: Int
    }

    private let reader: VectorReader
    private let image: InterpreterImage
    private var entries: [Entry] = []
    /// Numbers before this one are forgotten.
    private var base = 0
    private var numbers: [UInt64: Int] = [:]
    private var question = 0

    private static let mostText = 4096
    private static let mostTable = 1 << 17
    private static let mostCodes = 50_000
    private static let mostAtOnce = 256

    /// Reads the process that `stacks` reads.
    package init(_ stacks: StackReader) {
        reader = stacks.reader
        image = stacks.image
    }

    /// The names of the code objects at these addresses; nil if one of them is no code object.
    package func names(_ codes: [UInt64]) -> [UInt64: CodeName]? {
        guard let numbers = numbers(codes) else { return nil }
        return [UInt64: CodeName](zip(codes, numbers.map(name)), uniquingKeysWith: { first, _ in first })
    }

    /// A number for each of these code objects, never given to another one; nil if one of them is no code object.
    package func numbers(_ codes: [UInt64]) -> [Int]? {
        if entries.count >= Self.mostCodes {
            base += entries.count
            entries = []
            numbers = [:]
        }
        question += 1
        var unsure: [UInt64] = []
        for code in codes {
            guard let number = numbers[code] else {
                if !unsure.contains(code) { unsure.append(code) }
                continue
            }
            if entries[number - base].question != question {
                entries[number - base].question = question
                unsure.append(code)
            }
        }
        while !unsure.isEmpty {
            guard check(unsure.prefix(Self.mostAtOnce)) else { return nil }
            unsure.removeFirst(min(unsure.count, Self.mostAtOnce))
        }
        return codes.compactMap { numbers[$0] }
    }

    /// The name behind a number that the last question gave.
    package func name(_ number: Int) -> CodeName { entries[number - base].name }

    private func check(_ codes: ArraySlice<UInt64>) -> Bool {
        let size = image.layout.code.headSize
        reader.begin()
        let places = codes.map { reader.add($0, count: size) ?? -1 }
        guard !places.contains(-1), reader.read() else { return false }
        // All heads first: reading a name uses the same buffer.
        var others: [(code: UInt64, head: [UInt8])] = []
        for (code, place) in zip(codes, places) {
            // The reference count, which is the first word, may change.
            if let number = numbers[code],
                reader.holds(entries[number - base].head, at: place, from: 8)
            {
                continue
            }
            others.append((code, reader.bytes(place, count: size)))
        }
        for (code, head) in others {
            guard let name = name(head: head) else { return false }
            numbers[code] = base + entries.count
            entries.append(Entry(head: head, name: name, question: question))
        }
        return true
    }

    private func name(head: [UInt8]) -> CodeName? {
        let fields = image.layout.code
        func word(_ offset: UInt64) -> UInt64 {
            UInt64(littleEndianBytes: head[Int(offset)..<Int(offset) + 8])
        }
        guard word(8) == image.codeType, let name = text(word(fields.name)),
            let file = text(word(fields.fileName)), let table = bytes(word(fields.lineTable))
        else { return nil }
        let firstLine = Int(
            Int32(truncatingIfNeeded: UInt64(littleEndianBytes: head[Int(fields.firstLine)...].prefix(4))))
        let qualified = fields.qualifiedName.flatMap { text(word($0)) } ?? name
        return CodeName(
            name: name, qualifiedName: qualified, file: file, firstLine: firstLine,
            lines: LineTable(table, form: fields.lineForm, firstLine: firstLine))
    }

    /// A `str`, cut behind 4,096 characters; nil if it is none.
    func text(_ address: UInt64) -> String? {
        reader.begin()
        // Reference count, type, length, hash, state: the same place in all versions.
        guard let head = reader.add(address, count: 40), reader.read(),
            reader.word(head + 8) == image.textType
        else { return nil }
        let (length, state) = (
            Int(min(reader.word(head + 16), UInt64(Self.mostText))), reader.half(head + 32)
        )
        let (width, isCompact, isASCII) = (Int(state >> 2 & 7), state >> 5 & 1 == 1, state >> 6 & 1 == 1)
        guard isCompact, [1, 2, 4].contains(width) else { return nil }
        let start = isASCII ? image.layout.asciiHead : image.layout.compactHead
        reader.begin()
        guard let place = reader.add(address &+ start, count: max(1, length * width)), reader.read() else {
            return nil
        }
        let bytes = reader.bytes(place, count: length * width)
        if isASCII { return String(decoding: bytes, as: UTF8.self) }
        var scalars = String.UnicodeScalarView()
        for index in stride(from: 0, to: bytes.count, by: width) {
            let value = UInt32(littleEndianBytes: bytes[index..<index + width])
            scalars.append(Unicode.Scalar(value) ?? "\u{fffd}")
        }
        return String(scalars)
    }

    /// The contents of a `bytes` object: type, size and hash before them.
    private func bytes(_ address: UInt64) -> [UInt8]? {
        reader.begin()
        guard let place = reader.add(address &+ 16, count: 8), reader.read() else { return nil }
        let count = Int(truncatingIfNeeded: reader.word(place))
        guard (0...Self.mostTable).contains(count) else { return nil }
        guard count > 0 else { return [] }
        reader.begin()
        guard let content = reader.add(address &+ 32, count: count), reader.read() else { return nil }
        return reader.bytes(content, count: count)
    }
}

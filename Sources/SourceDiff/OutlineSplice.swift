/// Puts an outline together from the old records outside of an edit and a scan of the module-level items that it touches.
///
/// An anchor is the start of a module-level statement or definition: before it no block, bracket or decorator is open, so
/// a scan can start or end there.
struct OutlineSplice {
    private let old: OutlineStorage
    private let bytes: [UInt8]
    /// First scanned byte, the same in both texts.
    private let start: Int
    /// After the last scanned byte, in the old text and in the new one.
    private let oldEnd: Int
    private let newEnd: Int

    /// Nil if a full scan is needed.
    init?(_ old: OutlineStorage, _ bytes: [UInt8], _ window: EditWindow) {
        self.old = old
        self.bytes = bytes
        guard old.encoding.name == "utf-8", bytes.count <= SourceText.maximumSize,
            let start = Self.start(in: old, before: window.prefix)
        else { return nil }
        self.start = start
        oldEnd = Self.end(in: old, from: old.bytes.count - window.suffix)
        newEnd = oldEnd + bytes.count - old.bytes.count
    }

    /// The last anchor before `limit` whose first word ends before it, too. What stands before it is at least one
    /// statement and two lines, so that neither a docstring nor an encoding cookie is concerned.
    private static func start(in old: OutlineStorage, before limit: Int) -> Int? {
        var found: Int?
        var statement = old.statements.partitioningIndex { Int($0.start) >= limit }
        while statement > 0, found == nil {
            statement -= 1
            if old.isAnchor(statement: statement) { found = Int(old.statements[statement].start) }
            if let position = found, !isSettled(position, in: old, before: limit) { found = nil }
        }
        var definition = old.definitions.partitioningIndex { Int($0.start) >= limit }
        while definition > 0 {
            definition -= 1
            let record = old.definitions[definition]
            if let found, Int(record.start) < found { break }
            guard record.parent < 0, record.container < 0,
                isSettled(Int(record.start), in: old, before: limit)
            else {
                continue
            }
            found = Int(record.start)
            break
        }
        guard let position = found else { return nil }
        let isFirst =
            (old.definitions.first.map { Int($0.start) >= position } ?? true)
            && (old.statements.first.map { Int($0.start) >= position } ?? true)
            && (old.moduleDoc.map { Int($0.lowerBound) >= position } ?? true)
        return isFirst || old.lineEnds(in: 0..<min(position, 4096)) < 2 ? nil : position
    }

    private static func isSettled(_ position: Int, in old: OutlineStorage, before limit: Int) -> Bool {
        var end = position + 1
        while end < limit, Ascii.continuesName(old.bytes[end]) { end += 1 }
        return end < limit
    }

    /// The first anchor at or after `limit`; the end of the text if there is none.
    private static func end(in old: OutlineStorage, from limit: Int) -> Int {
        var end = old.bytes.count
        var definition = old.definitions.partitioningIndex { Int($0.start) >= limit }
        while definition < old.definitions.count {
            let record = old.definitions[definition]
            if record.parent < 0, record.container < 0 {
                end = Int(record.start)
                break
            }
            definition += 1
        }
        var statement = old.statements.partitioningIndex { Int($0.start) >= limit }
        while statement < old.statements.count, Int(old.statements[statement].start) < end {
            if old.isAnchor(statement: statement) { return Int(old.statements[statement].start) }
            statement += 1
        }
        return end
    }

    /// Nil if the scanned part does not end where its last item ends.
    func parts() -> OutlineParts? {
        guard start < newEnd, newEnd == bytes.count || Ascii.endsLine(bytes[newEnd - 1]) else { return nil }
        return bytes.withUnsafeBufferPointer { buffer in
            let part = UnsafeBufferPointer(rebasing: buffer[start..<newEnd])
            let source = SourceView(part)
            let map = SpecialMap(source)
            if map.hasZero { return nil }
            let badBytes = map.hasHigh ? UTF8Check.invalidOffsets(in: source) : []
            var scanner = Scanner(source, map: map, badBytes: badBytes, awaitsBody: false)
            do throws(ScanFault) {
                try scanner.run(from: 0)
            } catch {
                return nil
            }
            let lines = scanner.map.line(of: source.count) - 1
            return spliced(scanner.takeParts(), lines: lines, in: SourceView(buffer))
        }
    }

    private func spliced(_ scanned: OutlineParts, lines: Int32, in source: SourceView) -> OutlineParts {
        let cut = Cut(old, start: start, end: oldEnd)
        let startLine = Int32(cut.startLine)
        var parts = OutlineParts()
        var shift = RecordShift(offset: Int32(start), line: startLine - 1)
        shift.definitions = Int32(cut.definitions.lowerBound)
        shift.statements = Int32(cut.statements.lowerBound)
        shift.decorators = Int32(cut.decorators.lowerBound)
        parts.append(old, upTo: cut)
        parts.append(scanned, shift)
        var tail = RecordShift(offset: Int32(newEnd - oldEnd), line: startLine + lines - Int32(cut.endLine))
        tail.definitions = Int32(parts.definitions.count - cut.definitions.upperBound)
        tail.statements = Int32(parts.statements.count - cut.statements.upperBound)
        tail.decorators = Int32(parts.decorators.count - cut.decorators.upperBound)
        parts.append(old, after: cut, tail)
        number(&parts, cut, source)
        parts.moduleDoc = old.moduleDoc
        parts.futureFlags = FutureFlags(statements: parts.statements, in: source)
        return parts
    }

    /// Hashes and occurrences: the old ones if the same names stand in the scanned part.
    private func number(_ parts: inout OutlineParts, _ cut: Cut, _ source: SourceView) {
        var table = QualnameTable(capacity: 0)
        table.reset(to: Array(old.qualnameHashes[..<cut.definitions.lowerBound]))
        let scannedEnd = parts.definitions.count - (old.definitions.count - cut.definitions.upperBound)
        for index in cut.definitions.lowerBound..<scannedEnd {
            _ = table.hash(of: index, parts.definitions, source)
        }
        parts.qualnameHashes = table.hashes + old.qualnameHashes[cut.definitions.upperBound...]
        if table.hashes[cut.definitions.lowerBound...] == old.qualnameHashes[cut.definitions] {
            for index in cut.definitions.lowerBound..<scannedEnd {
                parts.definitions[index].occurrence = old.definitions[index].occurrence
            }
        } else {
            parts.qualnameHashes = Occurrences.number(&parts.definitions, in: source)
        }
    }
}

extension OutlineStorage {
    /// A statement of the module that starts its line and belongs to no statement before it.
    fileprivate func isAnchor(statement index: Int) -> Bool {
        let record = statements[index]
        guard record.scope < 0, record.container < 0, !record.keyword.isClause, record.keyword != .caseSoft
        else { return false }
        return record.start == 0 || Ascii.endsLine(bytes[Int(record.start) - 1])
    }
}

/// The old records that a splice replaces, and the lines where they start and end.
struct Cut {
    let definitions: Range<Int>
    let statements: Range<Int>
    let clauses: Range<Int>
    let decorators: Range<Int>
    let startLine: Int
    let endLine: Int

    init(_ old: OutlineStorage, start: Int, end: Int) {
        func range(_ count: Int, _ position: (Int) -> Int32) -> Range<Int> {
            let first = (0..<count).partitioningIndex { Int(position($0)) >= start }
            return first..<(first..<count).partitioningIndex { Int(position($0)) >= end }
        }
        definitions = range(old.definitions.count) { old.definitions[$0].start }
        statements = range(old.statements.count) { old.statements[$0].start }
        clauses = range(old.clauses.count) { old.clauses[$0].start }
        decorators = range(old.decorators.count) { old.decorators[$0].start }
        startLine = Self.line(old, definitions.lowerBound, statements.lowerBound, start) ?? 1
        endLine = Self.line(old, definitions.upperBound, statements.upperBound, end) ?? startLine
    }

    /// The line of the anchor at `position`, which a record knows; nil at the end of the text.
    private static func line(_ old: OutlineStorage, _ definition: Int, _ statement: Int, _ position: Int)
        -> Int?
    {
        if definition < old.definitions.count, Int(old.definitions[definition].start) == position {
            return Int(old.definitions[definition].firstLine)
        }
        if statement < old.statements.count, Int(old.statements[statement].start) == position {
            return Int(old.statements[statement].line)
        }
        return nil
    }
}

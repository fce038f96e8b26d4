/// Puts an outline together from the old records outside of an edit and a scan of the module-level items that
/// it touches.
///
/// An anchor is the start of a module-level statement or definition: before it no block, bracket or decorator
/// is open, so a scan can start or end there.
struct OutlineSplice {
    /// Records of the text before the edit.
    private let old: OutlineStorage
    /// The new text.
    private let bytes: [UInt8]
    /// First scanned byte, the same in both texts.
    private let start: Int
    /// After the last scanned byte, in the old text and in the new one.
    private let oldEnd: Int
    /// In the new text; as far from its end as `oldEnd` is from the old text's end.
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
        var statement = old.statements.firstIndex(from: Int32(limit))
        while statement > 0, found == nil {
            statement -= 1
            if old.isAnchor(statement: statement) { found = Int(old.statements[statement].start) }
            if let position = found, !isSettled(position, in: old, before: limit) { found = nil }
        }
        var definition = old.definitions.firstIndex(from: limit)
        while definition > 0 {
            definition -= 1
            let start = Int(old.definitions.span(definition).lowerBound)
            if let found, start < found { break }
            guard old.definitions.isDirect(definition), isSettled(start, in: old, before: limit)
            else {
                continue
            }
            found = start
            break
        }
        guard let position = found else { return nil }
        let isFirst =
            (old.definitions.first.map { Int($0.start) >= position } ?? true)
            && (old.statements.first.map { Int($0.start) >= position } ?? true)
            && (old.moduleDoc.map { Int($0.lowerBound) >= position } ?? true)
        return isFirst || old.lines.line(of: min(position, 4096)) < 3 ? nil : position
    }

    /// The word at `position` ends before the edit: `de` and a new `f` behind it would make another
    /// statement.
    private static func isSettled(_ position: Int, in old: OutlineStorage, before limit: Int) -> Bool {
        var end = position + 1
        while end < limit, Ascii.continuesName(old.bytes[end]) { end += 1 }
        return end < limit
    }

    /// The first anchor at or after `limit`; the end of the text if there is none.
    private static func end(in old: OutlineStorage, from limit: Int) -> Int {
        var end = old.bytes.count
        var definition = old.definitions.firstIndex(from: limit)
        while definition < old.definitions.count {
            if old.definitions.isDirect(definition) {
                end = Int(old.definitions.span(definition).lowerBound)
                break
            }
            definition += 1
        }
        var statement = old.statements.firstIndex(from: Int32(limit))
        while statement < old.statements.count, Int(old.statements[statement].start) < end {
            if old.isAnchor(statement: statement) { return Int(old.statements[statement].start) }
            statement += 1
        }
        return end
    }

    /// Nil if the scanned part does not end where its last item ends.
    func parts() -> OutlineParts? {
        guard start < newEnd, newEnd == bytes.count || Ascii.endsLine(bytes[newEnd - 1]) else {
            return nil
        }
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
            return spliced(scanner.takeParts(), in: SourceView(buffer))
        }
    }

    /// Old records before the scanned part, scanned ones, then old ones after it, with their numbers and
    /// offsets moved.
    private func spliced(_ scanned: OutlineParts, in source: SourceView) -> OutlineParts {
        let cut = Cut(old, start: start, end: oldEnd)
        var parts = OutlineParts()
        parts.lines = old.lines.replacing(
            start..<oldEnd, of: old.bytes.count, by: scanned.lines, newEnd - start)
        var shift = RecordShift(offset: Int32(start))
        shift.definitions = Int32(cut.definitions.lowerBound)
        shift.statements = Int32(cut.statements.lowerBound)
        shift.decorators = Int32(cut.decorators.lowerBound)
        parts.append(old, upTo: cut)
        parts.append(scanned, shift, size: source.count)
        var tail = RecordShift(offset: Int32(newEnd - oldEnd))
        tail.definitions = Int32(parts.definitions.count - cut.definitions.upperBound)
        tail.statements = Int32(parts.statements.count - cut.statements.upperBound)
        tail.decorators = Int32(parts.decorators.count - cut.decorators.upperBound)
        parts.append(old, after: cut, tail, size: source.count)
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
                parts.definitions.number(index, occurrence: old.definitions.occurrence(of: index))
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
        guard record.scope < 0, record.container < 0, !record.keyword.isClause,
            record.keyword != .caseSoft
        else { return false }
        return record.start == 0 || Ascii.endsLine(bytes[Int(record.start) - 1])
    }
}

/// The old records that a splice replaces.
struct Cut {
    /// Definitions that are scanned again.
    let definitions: Range<Int>
    /// Statements that are scanned again.
    let statements: Range<Int>
    /// Clauses that are scanned again.
    let clauses: Range<Int>
    /// Decorators that are scanned again.
    let decorators: Range<Int>

    /// What of the old outline lies in a range of bytes.
    init(_ old: OutlineStorage, start: Int, end: Int) {
        func range(_ count: Int, _ position: (Int) -> Int32) -> Range<Int> {
            let first = (0..<count).partitioningIndex { Int(position($0)) >= start }
            return first..<(first..<count).partitioningIndex { Int(position($0)) >= end }
        }
        definitions = old.definitions.firstIndex(from: start)..<old.definitions.firstIndex(from: end)
        statements =
            old.statements.firstIndex(from: Int32(start))..<old.statements.firstIndex(from: Int32(end))
        clauses = range(old.clauses.count) { old.clauses[$0].start }
        decorators = range(old.decorators.count) { old.decorators[$0] }
    }
}

import SourceDiff
import Testing

@testable import Reconciler

@Suite("Sources in encodings that the scanner has no table for")
struct EncodingTests {
    @Test(
        "the C library's tables, under Python's names",
        arguments: [
            ("gbk", [0xD6, 0xD0, 0xCE, 0xC4], "中文"), ("GB18030", [0x81, 0x30, 0x84, 0x36], "\u{A5}"),
            ("big5", [0xA4, 0xA4], "中"), ("euc_kr", [0xB0, 0xA1], "가"), ("shift_jis", [0x95, 0x5C], "表"),
            ("euc-jp", [0xC9, 0xBD], "表"), ("utf-7", Array("+AOk-".utf8), "é"),
        ] as [(String, [UInt8], String)])
    func known(name: String, bytes: [UInt8], text: String) {
        let converted = EncodingConverter.utf8(bytes, from: name)
        #expect(converted.map { String(decoding: $0, as: UTF8.self) } == text)
    }

    @Test(
        "what is not valid, or not known",
        arguments: [
            ("gbk", [0xD6]), ("gbk", [0x80, 0xFF]), ("shift_jis", [0x95]), ("no-such-code", [0x41]),
        ]
            as [(String, [UInt8])])
    func unknown(name: String, bytes: [UInt8]) {
        #expect(EncodingConverter.utf8(bytes, from: name) == nil)
    }

    @Test("every two-byte sequence of a lead byte and any other is converted or refused, whole")
    func pairs() {
        for lead in UInt8(0x81)...0xFE {
            for trail in UInt8.min...UInt8.max {
                guard let text = EncodingConverter.utf8([lead, trail, 0x0A], from: "gbk") else { continue }
                #expect(text.last == 0x0A)
                #expect(String(validating: text, as: UTF8.self) != nil)
            }
        }
    }

    private func source(_ body: [UInt8], _ name: String = "gbk") -> [UInt8] {
        Array("# -*- coding: \(name) -*-\nx = 1\ndef g():\n    return '".utf8) + body
            + Array("'\ndef h(): pass\n".utf8)
    }

    @Test("an outline of such a file, and what a save of it changed")
    func outline() throws {
        let old = FileState.Source(source([0xD6, 0xD0]))
        let new = FileState.Source(source([0xCE, 0xC4]), after: old)
        let before = try #require(old.outline)
        let after = try #require(new.outline)
        #expect(before.definitions.map(\.qualname) == ["g", "h"])
        #expect(String(decoding: before.bytes, as: UTF8.self).contains("'中'"))
        let changes = ChangeSet(from: before, to: after)
        #expect(changes.definitions.map(\.qualname) == ["g"])
        #expect(changes.summary == .semantic && changes.statements.isEmpty)
    }

    @Test("a backslash as second byte ends no string", arguments: ["shift_jis", "big5", "gbk"])
    func trailingBackslash(name: String) throws {
        let body: [UInt8] = name == "big5" ? [0xA5, 0x5C] : [0x95, 0x5C]
        #expect(try Outline(reading: source(body, name)).definitions.map(\.name) == ["g", "h"])
    }

    @Test("what follows an earlier content is what a scan from scratch gives")
    func after() throws {
        let text = Array("import os\nx = 1\n\ndef f():\n    return 1\n\ndef g():\n    return 2\n".utf8)
        let edited = Array(
            "import os\nx = 1\n\ndef f():\n    y = 3\n    return y\n\ndef g():\n    return 2\n".utf8)
        let source = FileState.Source(edited, after: FileState.Source(text))
        let updated = try #require(source.outline)
        let scanned = try Outline(reading: edited)
        #expect(source.bytes == edited)
        #expect(updated.definitions.map(\.span) == scanned.definitions.map(\.span))
        #expect(updated.definitions.map(\.firstLine) == scanned.definitions.map(\.firstLine))
        #expect(ChangeSet(from: updated, to: scanned).summary == .identical)
        #expect(FileState.Source(Array("def (".utf8), after: source).outline == nil)
    }
}

import SourceDiff
import Testing

@Suite("Outline: encodings")
struct EncodingTests {
    @Test("a code page is decoded by table")
    func latin1() throws {
        let bytes = Array("# -*- coding: latin-1 -*-\ndef caf".utf8) + [0xE9] + Array("(): pass\n".utf8)
        let outline = try Outline(scanning: bytes)
        #expect(outline.definitions.map(\.name) == ["café"])
        #expect(outline.encoding.name == "latin-1")
    }

    @Test(
        "the table knows the usual names",
        arguments: [
            ("cp1252", 0x93, "\u{201C}"), ("windows-1251", 0xC0, "А"), ("KOI8_R", 0xC1, "а"),
            ("iso-8859-15", 0xA4, "€"),
        ]
            as [(String, UInt8, String)])
    func codePages(name: String, byte: UInt8, character: String) throws {
        let bytes = Array("# coding: \(name)\nx = '".utf8) + [byte] + Array("'\n".utf8)
        let text = try Outline(scanning: bytes).bytes
        #expect(String(decoding: text, as: UTF8.self).contains(character))
    }

    @Test("a multi-byte encoding needs the caller's decoder")
    func shiftJIS() throws {
        let bytes =
            Array("# coding: shift_jis\nx = \"".utf8) + [0x95, 0x5C] + Array("\"\ndef g(): pass\n".utf8)
        #expect(throws: ScanError(kind: .unsupportedEncoding, line: 1, column: 0)) {
            try Outline(scanning: bytes)
        }
        let decoded = try Outline(scanning: bytes) { _, name in
            name == "shift_jis" ? Array("# coding: shift_jis\nx = \"表\"\ndef g(): pass\n".utf8) : nil
        }
        #expect(decoded.definitions.map(\.name) == ["g"])
    }

    @Test("a byte order mark contradicts another cookie")
    func conflict() {
        let bytes: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("# coding: latin-1\n".utf8)
        #expect(throws: ScanError(kind: .encodingConflict, line: 1, column: 0)) {
            try Outline(scanning: bytes)
        }
    }

    @Test("a file that is saved as UTF-8 under the old cookie is another text")
    func cookieStays() throws {
        func source(_ word: [UInt8]) -> [UInt8] {
            Array("# coding: latin-1\n\nx = 1\ndef f(): return '".utf8) + word + Array("'\n".utf8)
        }
        let old = try Outline(scanning: source([0xE9]))
        #expect(old.bytes == source([0xC3, 0xA9]))
        let update = try old.changes(to: source([0xC3, 0xA9]))
        #expect(update.outline.bytes != old.bytes)
        #expect(update.changes.definitions.map(\.qualname) == ["f"])
        #expect(update.changes.summary == .semantic)
    }

    @Test("a cookie counts on line 2 only after a line without code")
    func secondLine() throws {
        #expect(try outline("\n# coding: cp1252\n").encoding.name == "cp1252")
        #expect(try outline("x = 1\n# coding: cp1252\n").encoding.name == "utf-8")
    }

    @Test("bad UTF-8 is accepted in comments only")
    func badUTF8() throws {
        let comment = Array("# ".utf8) + [0xE9] + Array("\ndef g(): pass\n".utf8)
        #expect(try Outline(scanning: comment).definitions.count == 1)
        let string = Array("x = \"".utf8) + [0xE9] + Array("\"\n".utf8)
        #expect(throws: ScanError(kind: .invalidUTF8, line: 1, column: 6)) { try Outline(scanning: string) }
        let surrogate = Array("x = \"".utf8) + [0xED, 0xA0, 0x80] + Array("\"\n".utf8)
        #expect(throws: ScanError(kind: .invalidUTF8, line: 1, column: 6)) {
            try Outline(scanning: surrogate)
        }
    }
}

import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A file in an encoding of its own")
    struct EncodedFileTests {
        /// `text` in bytes that no UTF-8 text has.
        enum Encoding: String, CaseIterable {
            case gbk
            case shiftJIS = "shift_jis"
            case latin1 = "latin-1"

            var before: [UInt8] {
                switch self {
                case .gbk: [0xD6, 0xD0]
                case .shiftJIS: [0x95, 0x5C]  // the second byte is a backslash
                case .latin1: [0xE9]
                }
            }

            var after: [UInt8] {
                switch self {
                case .gbk: [0xCE, 0xC4]
                case .shiftJIS: [0x83, 0x5C]
                case .latin1: [0xE8]
                }
            }

            var shown: (before: String, after: String) {
                switch self {
                case .gbk: (#"'\u4e2d'"#, #"'\u6587'"#)
                case .shiftJIS: (#"'\u8868'"#, #"'\u30bd'"#)
                case .latin1: (#"'\xe9'"#, #"'\xe8'"#)
                }
            }

            func source(_ word: [UInt8]) -> Data {
                Data(
                    Array("# -*- coding: \(rawValue) -*-\ndef word():\n    return '".utf8) + word
                        + Array("'\n".utf8))
            }
        }

        private static let app = """
            import time
            import words

            seen = None
            while True:
                if words.word() != seen:
                    seen = words.word()
                    print(ascii(seen), flush=True)
                time.sleep(0.01)
            """

        @Test("is watched as any other", arguments: Encoding.allCases)
        func encoded(_ encoding: Encoding) async throws {
            let tree = try TemporaryTree()
            try encoding.source(encoding.before).write(to: tree.file("words.py"))
            try tree.write(Self.app, to: "app.py")
            let program = try Program(
                [Interpreter.usual.path, tree.file("app.py").path], in: tree.root,
                environment: ["PYTHONDONTWRITEBYTECODE": "1"])
            _ = try await program.output.line("the first word") { $0 == encoding.shown.before }
            let tool = try Program(
                [Checkout.binary.path, "attach", String(program.pid), tree.root.path])
            _ = try await tool.errors.line("attached") { $0.hasPrefix("attached \(program.pid)") }
            try encoding.source(encoding.after).write(to: tree.file("words.py"))
            _ = try await program.output.line("the second word") { $0 == encoding.shown.after }
            #expect(tool.isRunning)
        }
    }
}

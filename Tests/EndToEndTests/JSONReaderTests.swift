import Testing

@testable import midflight

@Suite("Reading JSON: jobs of changes --batch")
struct JSONReaderTests {
    @Test(
        "what RFC 8259 allows, written again",
        arguments: [
            ("null", "null"), (" true ", "true"), ("[false]", "[false]"), ("-0", "0"), ("12", "12"),
            ("-7", "-7"), ("1e3", "1000.0"), ("2.5", "2.5"), ("-1.5E-1", "-0.15"), ("\"\"", "\"\""),
            ("\"a\\\"b\\\\c\\/d\"", "\"a\\\"b\\\\c/d\""), ("\"\\u00e9\\u20AC\"", "\"é€\""),
            ("\"\\ud83d\\ude00\"", "\"😀\""), ("[]", "[]"), ("{}", "{}"), ("[1, [2,\t3]]", "[1,[2,3]]"),
            ("{\"id\": 1, \"old\": \"a\"}", "{\"id\":1,\"old\":\"a\"}"), ("\r\n[1]\n", "[1]"),
        ])
    func accepted(text: String, line: String) throws {
        let value = try #require(JSONReader.value(of: text))
        #expect(value.line == line)
    }

    @Test(
        "anything else",
        arguments: [
            "", " ", "nul", "nulll", "True", "01", "+1", ".5", "1.", "1e", "--1", "1e999", "\"a", "\"\n\"",
            "\"\\x\"",
            "\"\\u12g4\"", "\"\\u12\"", "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\u0041\"", "[", "[1", "[1,]",
            "[,1]",
            "[1 2]", "{", "{1:2}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "1 2", "[]]",
            "{\"a\":1,\"a\":2}", "'a'", "\u{A0}1",
        ])
    func refused(text: String) {
        #expect(JSONReader.value(of: text) == nil)
    }

    @Test("64 levels are read, more are refused, and a megabyte of brackets is no danger")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(JSONReader.value(of: nested(64)) != nil)
        #expect(JSONReader.value(of: nested(65)) == nil)
        #expect(JSONReader.value(of: String(repeating: "[", count: 1_000_000)) == nil)
    }

    @Test("members are found by name")
    func members() throws {
        let job = try #require(JSONReader.value(of: #"{"op": "diff", "id": 3, "old": "a.py", "new": null}"#))
        #expect(job["old"]?.text == "a.py")
        #expect(job["id"]?.text == nil)
        #expect(job["new"] != nil && job["new"]?.text == nil)
        #expect(job["missing"] == nil)
        #expect(JSONReader.value(of: "[1]")?["id"] == nil)
    }

    @Test("what is written is read again, whatever the text", arguments: 0..<40)
    func roundTrip(seed: UInt64) throws {
        var state = seed &+ 1
        func random(_ limit: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % limit
        }
        func value(_ depth: Int) -> JSON {
            switch random(depth > 3 ? 4 : 6) {
            case 0: return .null
            case 1: return .bool(random(2) == 0)
            case 2: return .integer(Int(random(1 << 30)) - 1 << 29)
            case 3:
                let scalars = (0..<random(9)).compactMap { _ in Unicode.Scalar(UInt32(random(0x11_0000))) }
                return .string(String(String.UnicodeScalarView(scalars)))
            case 4: return .array((0..<random(4)).map { _ in value(depth + 1) })
            default: return .object((0..<random(4)).map { ("m\($0)", value(depth + 1)) })
            }
        }
        let line = value(0).line
        #expect(JSONReader.value(of: line)?.line == line)
    }
}

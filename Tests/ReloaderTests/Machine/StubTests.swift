import Foundation
import Testing

@Suite("Both processors' stubs")
struct StubTests {
    private func stub(_ processor: String) throws -> String {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let path = "Sources/CLinuxShims/stub/donor_\(processor).S"
        return try String(contentsOf: checkout.appending(path: path).standardized, encoding: .utf8)
    }

    @Test("call the same functions and hand the same words to the agent", arguments: ["FN_\\w+", "asciz .*"])
    func agree(pattern: String) throws {
        let expression = try Regex(pattern)
        func found(_ processor: String) throws -> Set<String> {
            Set(try stub(processor).matches(of: expression).map { String($0.output[0].substring ?? "") })
        }
        #expect(try found("aarch64") == found("x86_64"))
        #expect(try found("aarch64").count > 5)
    }
}

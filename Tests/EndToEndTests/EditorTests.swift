import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A real program that saves")
    struct EditorTests {
        /// Commands that replace `return 490` by `return 0` in the file named by the last argument.
        enum Editor: String, CaseIterable {
            case vim, ed, sed, perl, patch, python

            func command(for file: URL) -> [String] {
                switch self {
                case .vim:
                    ["vim", "-Nu", "NONE", "-es", "-c", "%s/return 490/return 0/", "-c", "wq", file.path]
                case .ed:
                    ["sh", "-c", "printf '%s\\n' ',s/return 490/return 0/' w q | ed -s \"$0\"", file.path]
                case .sed: ["sed", "-i", "s/return 490/return 0/", file.path]
                case .perl: ["perl", "-pi", "-e", "s/return 490/return 0/", file.path]
                case .patch:
                    [
                        "sh", "-c",
                        "sed 's/return 490/return 0/' \"$0\" | diff -u \"$0\" - | patch -s \"$0\"", file.path,
                    ]
                case .python:
                    [
                        "python3", "-c",
                        "import pathlib, sys; p = pathlib.Path(sys.argv[1]); p.write_text(p.read_text().replace('490', '0'))",
                        file.path,
                    ]
                }
            }

            var isInstalled: Bool {
                (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
                    FileManager.default.isExecutableFile(
                        atPath: "\($0)/\(rawValue == "python" ? "python3" : rawValue)")
                }
            }
        }

        @Test("reaches the shop", arguments: Editor.allCases.filter(\.isInstalled))
        func editor(_ editor: Editor) async throws {
            let shop = try await Shop(.usual)
            let tool = try await Midflight.attach(to: shop)
            let program = try Program(
                ["/usr/bin/env"] + editor.command(for: shop.tree.file("shop/shop/prices.py")))
            #expect(try await program.status() == 0)
            _ = try await shop.waitForTotal("21.00 EUR")
            #expect(tool.isRunning)
        }

        @Test("git checkout of two files at once reaches the shop, and back again")
        func checkout() async throws {
            let shop = try await Shop(.usual)
            try await git("init", "-q", in: shop)
            try await git("add", "shop", in: shop)
            try await git("commit", "-q", "-m", "one", in: shop)
            try await git("checkout", "-q", "-b", "cheap", in: shop)
            try shop.change("shop/prices.py", "return 490", to: "return 0")
            try shop.change("shop/cart.py", "return subtotal +", to: "return subtotal // 2 +")
            try await git("commit", "-q", "-a", "-m", "two", in: shop)
            try await git("checkout", "-q", "-", in: shop)

            let tool = try await Midflight.attach(to: shop)
            #expect(try shop.cart().total == "25.90 EUR")
            try await git("checkout", "-q", "cheap", in: shop)
            _ = try await shop.waitForTotal("10.50 EUR")
            try await git("checkout", "-q", "-", in: shop)
            _ = try await shop.waitForTotal("25.90 EUR")
            #expect(tool.isRunning)
        }

        private func git(_ arguments: String..., in shop: Shop) async throws {
            let identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
            let git = try Program(["/usr/bin/env", "git"] + identity + arguments, in: shop.sources)
            let status = try await git.status()
            guard status == 0 else { throw TestSupportError.programFailed(git.errors.text, status: status) }
        }
    }
}

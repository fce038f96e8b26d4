import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A file that cannot be read leaves the shop alone")
    struct BadFileTests {
        /// What becomes of shop/prices.py.
        enum Damage: String, CaseIterable {
            case deleted, folderInItsPlace, fifoInItsPlace, tenMegabytes, notUTF8

            /// The reason id that names it; nil: a file that is not there says nothing about the code that runs.
            var reason: String? {
                switch self {
                case .deleted, .folderInItsPlace: nil
                case .fifoInItsPlace: "unreadable"
                case .tenMegabytes: "too-big"
                case .notUTF8: "encoding"
                }
            }
        }

        @Test("and everything goes in with the next good save", arguments: Damage.allCases)
        func damage(_ damage: Damage) async throws {
            let shop = try await Shop(.usual)
            let tool = try await Midflight.attach(to: shop)
            let file = shop.tree.file("shop/shop/prices.py")
            let text = try shop.tree.read("shop/shop/prices.py")
            try apply(damage, to: file)
            if let reason = damage.reason {
                _ = try await tool.errors.line("the reason \(reason)") { $0.contains(reason) }
            }
            try shop.change("shop/cart.py", "return subtotal +", to: "return subtotal * 9 // 10 +")
            if damage.reason == nil { _ = try await shop.waitForTotal("23.80 EUR") }
            #expect(try shop.cart().pid == shop.pid)

            try? FileManager.default.removeItem(at: file)  // two of the cases have removed it themselves
            try Data(text.replacingOccurrences(of: "return 490", with: "return 0").utf8).write(to: file)
            _ = try await shop.waitForTotal("18.90 EUR")
            #expect(tool.isRunning)
        }

        @Test(
            "because of its permissions: named, nothing changed",
            .enabled(if: geteuid() == 0, "only root can be two people"))
        func unreadable() async throws {
            let reader = try Accounts.asNobody(Checkout.binary)
            let shop = try await Shop(.usual, prefix: Accounts.nobody)
            let tool = try Program(
                Accounts.nobody + [reader.path, "attach", String(shop.pid), shop.sources.path])
            _ = try await tool.errors.line("attached") { $0.hasPrefix("attached \(shop.pid)") }
            let file = shop.tree.file("shop/shop/prices.py")
            let text = try shop.tree.read("shop/shop/prices.py")
            chmod(file.path, 0)
            try SaveStyle.inPlace.save(
                text.replacingOccurrences(of: "return 490", with: "return 0"), to: file)
            _ = try await tool.errors.line("the reason") { $0.contains("unreadable") }
            #expect(try shop.cart().total == "25.90 EUR")
        }

        private func apply(_ damage: Damage, to file: URL) throws {
            switch damage {
            case .tenMegabytes:
                try SaveStyle.renamedOver.save(String(repeating: "# padding\n", count: 1_050_000), to: file)
            case .notUTF8: try Data([0x78, 0x20, 0x3d, 0x20, 0x22, 0xff, 0x22, 0x0a]).write(to: file)
            case .deleted: try FileManager.default.removeItem(at: file)
            case .folderInItsPlace:
                try FileManager.default.removeItem(at: file)
                try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
            case .fifoInItsPlace:
                try FileManager.default.removeItem(at: file)
                mkfifo(file.path, 0o644)
            }
        }
    }
}

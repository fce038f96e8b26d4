package import Foundation
import Glibc

/// A running copy of examples/shop.
package final class Shop: Sendable {
    package struct Cart: Sendable, Decodable, Equatable {
        package let total: String
        package let pid: Int32
        package let hits: Int
    }

    package let tree: TemporaryTree
    package let program: Program
    package let port: UInt16

    package var pid: Int32 { program.pid }
    package var sources: URL { tree.file("shop") }

    /// Ready once it has printed its URL; `prefix` is put before the interpreter (`setpriv …`).
    package init(_ interpreter: Interpreter, prefix: [String] = []) async throws {
        tree = try TemporaryTree()
        try FileManager.default.copyItem(at: Checkout.file("examples/shop"), to: tree.file("shop"))
        program = try Program(
            prefix + [interpreter.path, "serve.py", "0"], in: tree.file("shop"),
            environment: ["PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"])
        let line = try await program.output.line("the shop's URL") {
            $0.hasPrefix("http://")
        }
        guard let port = line.split(separator: ":").last.flatMap({ UInt16($0) }) else {
            throw TestSupportError.badAnswer(line)
        }
        self.port = port
    }

    package func cart() throws -> Cart {
        let answer = try HTTPAnswer.get(port: port, path: "/cart")
        guard answer.status == 200 else {
            throw TestSupportError.badAnswer(String(decoding: answer.body, as: UTF8.self))
        }
        return try JSONDecoder().decode(Cart.self, from: Data(answer.body))
    }

    /// Replaces the one place where `old` stands in a file below `shop/`.
    package func change(_ path: String, _ old: String, to new: String, style: SaveStyle = .inPlace) throws {
        let text = try tree.read("shop/" + path)
        guard text.components(separatedBy: old).count == 2 else {
            throw TestSupportError.badAnswer("\(old) in \(path)")
        }
        try style.save(text.replacingOccurrences(of: old, with: new), to: tree.file("shop/" + path))
    }

    /// Waits for the answer that carries this total.
    package func waitForTotal(_ total: String, within limit: Duration = .seconds(60)) async throws -> Cart {
        var last = try cart()
        try await eventually("the total \(total)", within: limit, seen: { "\(last)" }) {
            last = try self.cart()
            return last.total == total
        }
        return last
    }

    /// The facts once no request is being answered: the same for a tenth of a second.
    package func quietFacts() async throws -> ProcessFacts {
        var facts = try ProcessFacts(of: pid)
        var since = ContinuousClock.now
        while ContinuousClock.now < since + .milliseconds(100) {
            try await Task.sleep(for: .milliseconds(10))
            let next = try ProcessFacts(of: pid)
            if next != facts { (facts, since) = (next, .now) }
        }
        return facts
    }

    /// The facts once they equal `expected`, or those after a minute: the agent needs a moment to leave.
    package func settledFacts(expecting expected: ProcessFacts) async throws -> ProcessFacts {
        var facts = try ProcessFacts(of: pid)
        let end = ContinuousClock.now + .seconds(60)
        while facts != expected && ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(20))
            facts = try ProcessFacts(of: pid)
        }
        return facts
    }
}

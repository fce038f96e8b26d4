import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// MIDFLIGHT_SAVES=200 MIDFLIGHT_RATE=200 for the whole run.
    @Suite("A real server")
    struct ServerTests {
        private static let saves = number("MIDFLIGHT_SAVES") ?? 12
        private static let rate = number("MIDFLIGHT_RATE") ?? 40

        private static func number(_ name: String) -> Int? {
            ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
        }

        @Test(
            "has every save in all its processes: no failed request, and no old answer after a sync",
            arguments: Server.Kind.allCases)
        func saves(kind: Server.Kind) async throws {
            let server = try await Server(kind)
            try await loaded(server)
            let tool = try Midflight.start(
                "attach", String(server.program.pid), server.tree.root.path, "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            let load = Load(server, rate: Self.rate)
            for value in 2..<(2 + Self.saves) {
                try server.save(value)
                let sync = try await Answer.of(
                    "sync", String(server.program.pid), server.library.path, "--json")
                #expect(sync.status == 0, "\(sync)")
                for _ in 0..<6 { #expect(try server.ask().value == "\(value)") }
            }
            #expect(try await load.stop() > 0)
            #expect(load.failures.isEmpty)
            let bursts = try tool.output.lines.compactMap(Burst.init(parsing:))
            if kind.processes > 1 {
                #expect(bursts.count >= Self.saves && bursts.allSatisfy { $0.patched >= kind.processes })
                let skews = bursts.map(\.ms.skew).sorted()
                print("\(kind): skew p95 \(skews[skews.count * 95 / 100]) ms of \(bursts.count) saves")
            }
            if kind.replacesWorkers { try await replaced(server, value: Self.saves + 1) }
        }

        /// A worker that still imports its program when the first save comes may read half of it.
        private func loaded(_ server: Server) async throws {
            let load = Load(server, rate: 100)
            try await eventually(
                "answers of all processes of \(server.kind)", seen: { "\(load.pids)" }
            ) { load.pids.count >= server.kind.processes }
            #expect(try await load.stop() > 0)
            #expect(load.failures.isEmpty)
        }

        /// Workers are killed; those that take their place run what was saved, from their second request on at least.
        private func replaced(_ server: Server, value: Int) async throws {
            var known: Set<Int32> = []
            for _ in 0..<40 { known.insert(try server.ask().pid) }
            known.forEach { kill($0, SIGKILL) }
            var late: [Int32: [String]] = [:]
            try await eventually("answers of new workers", seen: { "\(late)" }) {
                if let reply = try? server.ask(), !known.contains(reply.pid) {
                    late[reply.pid, default: []].append(reply.value)
                }
                return late.values.contains { $0.count >= 5 }
            }
            for answers in late.values { #expect(answers.dropFirst().allSatisfy { $0 == "\(value)" }) }
        }
    }
}

private struct Burst: Decodable {
    struct Times: Decodable { var skew: Double }

    var event: String
    var patched: Int
    var ms: Times

    /// Nil for other events.
    init?(parsing line: String) throws {
        guard line.contains(#""event":"burst""#) else { return nil }
        self = try JSONDecoder().decode(Burst.self, from: Data(line.utf8))
    }
}

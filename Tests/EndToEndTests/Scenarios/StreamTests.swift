import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("An open connection")
    struct StreamTests {
        static func source(_ version: Int) -> String {
            """
            import asyncio
            import socket
            import threading

            def line(n):
                return "%d of version %d\\n" % (n, \(version))

            async def serve(reader, writer):
                n = 0
                while await reader.readline():
                    n += 1
                    writer.write(line(n).encode())
                    await writer.drain()

            loop = asyncio.new_event_loop()
            server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
            threading.Thread(target=loop.run_forever, daemon=True).start()
            client = socket.create_connection(server.sockets[0].getsockname()[:2]).makefile("rw")

            def next_line():
                client.write("next\\n")
                client.flush()
                return client.readline().strip()
            """ + "\n"
        }

        @Test("to an asyncio server has every one of 100 saves", arguments: Interpreter.ends)
        func stream(interpreter: Interpreter) async throws {
            let stage = try await Stage(interpreter)
            try stage.tree.write(Self.source(0), to: "wire/shop.py")
            #expect(try stage.ask("prepare('wire.', ['shop'], [])") == "None")
            let tool = try Midflight.start(
                "attach", String(stage.program.pid), stage.tree.root.path, "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            for version in 1...100 {
                try stage.tree.write(Self.source(version), to: "wire/shop.py")
                try await eventually("save \(version)", seen: { String(tool.output.text.suffix(500)) }) {
                    tool.output.lines.count { $0.contains(#""event":"reload""#) } == version
                }
                let answer = try stage.ask("see('wire.', 'next_line()')")
                #expect(answer == "'\(version) of version \(version)'")
            }
            tool.send(SIGTERM)
            #expect(try await tool.status() == 0)
        }
    }
}

import Foundation
import TestSupport

/// A running program that holds the files of scenarios and answers questions about them.
final class Stage {
    let tree: TemporaryTree
    let program: Program
    let interpreter: Interpreter
    private let port: UInt16

    init(_ interpreter: Interpreter) async throws {
        self.interpreter = interpreter
        tree = try TemporaryTree()
        let stage = try String(contentsOf: Scenario.folder.appending(path: "stage.py"), encoding: .utf8)
        try tree.write(stage + Self.server, to: "main.py")
        program = try Program(
            [interpreter.path, "main.py"], in: tree.root,
            environment: ["PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"])
        let line = try await program.output.line("the stage's port") {
            UInt16($0) != nil
        }
        guard let port = UInt16(line) else { throw TestSupportError.badAnswer(line) }
        self.port = port
    }

    /// The repr of an expression, or the type and text of its exception.
    func ask(_ expression: String) throws -> String {
        guard let path = expression.addingPercentEncoding(withAllowedCharacters: .alphanumerics) else {
            throw TestSupportError.badAnswer(expression)
        }
        let answer = try HTTPAnswer.get(port: port, path: "/" + path)
        return String(decoding: answer.body, as: UTF8.self)
    }

    private static let server = #"""


        import http.server
        import urllib.parse


        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                try:
                    answer = repr(eval(urllib.parse.unquote(self.path[1:])))
                except Exception as error:
                    answer = type(error).__name__ + " " + str(error)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(answer.encode())

            def log_message(self, *arguments):
                pass


        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_port)
        server.serve_forever()
        """#
}

/// A Python string literal.
func literal(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
        switch scalar {
        case "\\": "\\\\"
        case "'": "\\'"
        case "\n": "\\n"
        default: String(scalar)
        }
    }
    return "'" + escaped.joined() + "'"
}

import Foundation
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("getglobal and vmtool show values without running anything of the program")
    struct LookTests {
        static let source = """
            looked = []

            class Cart:
                currency = "EUR"
                def __init__(self, total):
                    self.total = total
                    self.api_token = "hunter2"
                def __repr__(self):
                    looked.append("repr")
                    return "Cart"
                @property
                def loud(self):
                    looked.append("loud")
                    return 1
                def double(self):
                    looked.append("double")
                    return self.total * 2

            class Big(Cart):
                pass

            LIMIT = 50
            CART = Cart(7)
            BIG = [Big(1), Big(2)]
            """

        @Test("a global, an attribute of a class, an expression", arguments: Interpreter.all)
        func values(interpreter: Interpreter) async throws {
            let script = try await Script(interpreter, Self.source)
            let pid = String(script.pid)
            let limit = try await Answer.of("getglobal", pid, "__main__", "LIMIT", "-e", "target*2")
            #expect(
                limit.output
                    == "  EXPR:       target*2\n  TYPE:       <class 'int'>\n  VALUE:      100\n")
            #expect(limit.status == 0 && limit.errors.isEmpty)
            let cart = try await Answer.of("getglobal", pid, "__main__", "CART")
            #expect(
                cart.output.hasSuffix(
                    "VALUE:      Cart({\n  \"api_token\": ‹redacted›, \n  \"total\": 7\n})\n"))
            let currency = try await Answer.of("getglobal", pid, "__main__", "Cart", "currency")
            #expect(currency.output.hasSuffix("VALUE:      \"EUR\"\n"))
            let looked = try await Answer.of("getglobal", pid, "__main__", "looked", "-e", "len(target)")
            #expect(looked.output.hasSuffix("VALUE:      0\n"))
            #expect(script.program.output.lines == ["ready"] && script.program.errors.lines.isEmpty)
        }

        @Test("what would run the program is refused, and done where that is allowed")
        func calls() async throws {
            let script = try await Script(.usual, Self.source)
            let pid = String(script.pid)
            let refused = try await Answer.of(
                "getglobal", pid, "__main__", "CART", "-e", "target.double()")
            #expect(
                refused.output
                    == "Error: expression-refused: target.double() calls code of the program; add --allow-calls.\n"
            )
            #expect(refused.status == 1 && refused.errors.isEmpty)
            let property = try await Answer.of("getglobal", pid, "__main__", "CART", "-e", "target.loud")
            #expect(property.status == 1 && property.output.contains("is a property"))
            let called = try await Answer.of(
                "getglobal", pid, "__main__", "CART", "-e", "target.double()", "--allow-calls")
            #expect(called.status == 0 && called.output.hasSuffix("VALUE:      14\n"))
            let form = try await Answer.of(pid, "--cmd", "getglobal __main__ CART -e target.double()+LIMIT")
            #expect(form.status == 0 && form.output.hasSuffix("VALUE:      64\n"))
            let failed = try await Answer.of("getglobal", pid, "__main__", "LIMIT", "-e", "target/0")
            #expect(
                failed.output.hasSuffix("  FAILED_REASON:      ZeroDivisionError: division by zero\n"))
            #expect(failed.status == 1)
        }

        @Test(
            "what is not there is named, with status 1",
            arguments: [
                (
                    ["getglobal", "__main__", "nope"],
                    "No global variable named nope is found in module __main__!"
                ),
                (
                    ["getglobal", "nope", "x"],
                    "Error in locating module named nope. Type: <class 'ModuleNotFoundError'>, "
                        + "details: No module named 'nope'!"
                ),
                (
                    ["getglobal", "__main__", "Nope", "x"],
                    "No class named Nope is found in module __main__!"
                ),
                (
                    ["getglobal", "__main__", "Cart", "nope"],
                    "No static variable named nope is found in class Cart!"
                ),
            ])
        func absent(words: [String], text: String) async throws {
            let script = try await Script(.usual, Self.source)
            let answer = try await Answer.of([words[0], String(script.pid)] + words.dropFirst())
            #expect(answer == Answer(output: text + "\n", errors: "", status: 1))
            let form = try await Answer.of(
                [String(script.pid), "--cmd", words.joined(separator: " "), "--no-color"])
            #expect(form == answer)
        }

        @Test("instances with those of subclasses, and a run of the collector", arguments: Interpreter.all)
        func instances(interpreter: Interpreter) async throws {
            let script = try await Script(interpreter, Self.source)
            let pid = String(script.pid)
            let all = try await Answer.of(
                "vmtool", pid, "-a", "getInstances", "-c", "__main__", "Cart", "-e", "len(instances)")
            #expect(all.output.hasSuffix("VALUE:      3\n") && all.status == 0)
            let exact = try await Answer.of(
                "vmtool", pid, "-a", "getInstances", "-c", "__main__", "Cart", "--exact", "-e",
                "[i.total for i in instances]", "-x", "0")
            #expect(exact.output.hasSuffix("VALUE:      [7]\n"))
            let form = try await Answer.of(pid, "--cmd", "vmtool -a forceGc")
            #expect(
                form.output.firstMatch(
                    of: /^Gc execute successfully, totally \d+ unreachable objects are freed\.$/
                        .anchorsMatchLineEndings()) != nil)
            #expect(form.status == 0)
        }

        @Test("through the midflight that controls the process, with the same answer")
        func controlled() async throws {
            let script = try await Script(.usual, Self.source)
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await tool.errors.line("the session's start") { $0.hasPrefix("save a file") }
            let text = try await Answer.of("getglobal", String(script.pid), "__main__", "CART")
            #expect(text.output.contains("\"total\": 7") && text.status == 0)
            let json = try await Answer.of(
                "vmtool", String(script.pid), "-a", "getInstances", "-c", "__main__", "Cart", "-x", "0",
                "--json")
            let event = JSONReader.value(of: json.output)
            #expect(event?["event"]?.text == "value" && event?["instances"]?.integer == 3)
            withExtendedLifetime(tool) {}
        }

        @Test(
            "the words of --cmd are PyFlightProfiler's",
            arguments: [
                (
                    #"getglobal m F -e target["a b"]=='x' -x 3"#,
                    ["m", "F", "-e", #"target["a"#, #"b"]=='x'"#, "-x", "3"]
                ),
                (#"getglobal m F -e "target[\"a b\"]" -v"#, ["m", "F", "-e", #"target["a b"]"#, "-v"]),
                ("vmtool -a getInstances -c m C -n -1", ["-a", "getInstances", "-c", "m", "C", "-n", "-1"]),
                ("getglobal m F -r", ["m", "F", "-r"]), ("getglobal m F -e 'x", nil),
                ("getglobal m F -e", nil),
            ] as [(String, [String]?)])
        func words(line: String, expected: [String]?) {
            #expect(FlightWords(line)?.arguments == expected)
        }
    }
}

import Foundation
import Profiles
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("The files of perf in the programs that read them")
    struct PictureTests {
        /// A browser on PATH; nil where there is none.
        static let browser: String? = {
            let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
            return names.lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
                .first { FileManager.default.isExecutableFile(atPath: $0) }
        }()

        private static func frame(_ name: String) -> ProfileFrame {
            ProfileFrame(name: name, file: "/srv/app.py", line: 1)
        }

        /// A quarter in `left`, half in `right`, a quarter in nothing below `main`.
        private static var profile: Profile {
            var profile = Profile()
            let (main, left, right) = (frame("main"), frame("<left>"), frame("a.right & \"more\""))
            for (time, stack) in [[main, left], [main, right], [main, right], [main]].enumerated() {
                profile.add(stack, thread: "one", at: Int64(time) * 10, period: 10)
            }
            return profile
        }

        /// What a user does, one after the other, and what is to be seen then.
        private static let driver = """
            const seen = {};
            window.addEventListener('error', event => { seen.error = event.message; });
            try {
              const all = [...document.querySelectorAll('g.b')];
              const named = part => all.find(g => g.dataset.n.includes(part));
              const width = g => +g.querySelector('rect').getAttribute('width');
              const click = g => g.dispatchEvent(new MouseEvent('click', { bubbles: true }));
              const hidden = g => g.style.display === 'none';
              seen.boxes = all.length;
              seen.first = [width(named('main')), width(named('<left>')), width(named('right'))];
              click(named('<left>'));
              seen.zoomed = [width(named('<left>')), hidden(named('right')), named('main').classList.contains('dim')];
              seen.text = named('<left>').querySelector('text').textContent;
              click(document.getElementById('reset'));
              seen.back = all.every(g => !hidden(g) && Math.abs(width(g) - g.dataset.w) < 0.001);
              window.prompt = () => 'RIGHT';
              click(document.getElementById('search'));
              seen.found = document.getElementById('found').textContent;
              seen.hits = all.filter(g => g.classList.contains('hit')).map(g => g.dataset.n);
              click(document.getElementById('reset'));
              seen.cleared = document.getElementById('found').textContent + all.some(g => g.classList.contains('hit'));
              seen.loaded = performance.getEntriesByType('resource').length;
            } catch (error) { seen.error = String(error); }
            document.documentElement.setAttribute('data-seen', encodeURIComponent(JSON.stringify(seen)));
            """

        /// What the driver saw in this picture.
        private func seen(_ svg: String) async throws -> JSON {
            let tree = try TemporaryTree()
            let end = try #require(svg.range(of: "</svg>", options: .backwards))
            let driven =
                svg[..<end.lowerBound] + "<script><![CDATA[\(Self.driver)]]></script>"
                + svg[end.lowerBound...]
            try tree.write(String(driven), to: "picture.svg")
            let browser = try #require(Self.browser)
            // What it says of a missing desktop on standard error is of no use.
            let shell = #"exec timeout 100 "$@" --dump-dom "$0" 2>/dev/null"#
            let page = try ProgramOutput.of(
                "/bin/sh", "-c", shell, tree.file("picture.svg").absoluteString, browser, "--headless",
                "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--user-data-dir=\(tree.file("profile").path)")
            let start = try #require(page.range(of: "data-seen=\""), "\(page.prefix(500))")
            let value = page[start.upperBound...].prefix { $0 != "\"" }
            return try #require(JSONReader.value(of: String(value).removingPercentEncoding ?? ""))
        }

        @Test(
            "zoom, search and the way back work in a browser, and nothing is loaded",
            .enabled(if: browser != nil, "no Chromium on PATH opens the picture"))
        func picture() async throws {
            let seen = try await seen(FlameGraph.svg(Self.profile, title: "t"))
            #expect(seen["error"] == nil, "\(seen)")
            #expect(seen["boxes"]?.integer == 4)
            #expect(seen["first"]?.elements?.compactMap(\.integer) == [1200, 300, 600])
            let zoomed = try #require(seen["zoomed"]?.elements)
            #expect(zoomed[0].integer == 1200 && zoomed[1].flag == true && zoomed[2].flag == true)
            #expect(seen["text"]?.text == "<left>" && seen["back"]?.flag == true)
            #expect(seen["found"]?.text == "RIGHT: 50.0 %")
            #expect(seen["hits"]?.elements?.compactMap(\.text) == ["a.right & \"more\""])
            #expect(seen["cleared"]?.text == "false" && seen["loaded"]?.integer == 0)
        }

        @Test(
            "so does the picture of a change",
            .enabled(if: browser != nil, "no Chromium on PATH opens the picture"))
        func changed() async throws {
            let side = ProfileChange.Side(profile: Self.profile, looks: 4, nanoseconds: 40)
            let seen = try await seen(ChangeGraph.svg(ProfileChange(before: side, after: side), title: "t"))
            #expect(seen["error"] == nil && seen["found"]?.text == "RIGHT: 50.0 %", "\(seen)")
        }

        /// What speedscope's published schema asks for, in our words, and that all places are in range.
        private static let check = """
            import json, sys, jsonschema
            number, text = {"type": "number"}, {"type": "string"}
            def thing(required, optional={}):
                return {"type": "object", "properties": {**required, **optional}, "required": list(required)}
            def several(items): return {"type": "array", "items": items}
            frame = thing({"name": text}, {"file": text, "line": number, "col": number})
            sampled = thing({
                "type": {"const": "sampled"}, "name": text,
                "unit": {"enum": ["bytes", "microseconds", "milliseconds", "nanoseconds", "none", "seconds"]},
                "startValue": number, "endValue": number, "samples": several(several(number)),
                "weights": several(number)})
            schema = thing(
                {"$schema": {"const": "https://www.speedscope.app/file-format-schema.json"},
                 "shared": thing({"frames": several(frame)}), "profiles": several(sampled)},
                {"name": text, "activeProfileIndex": number, "exporter": text})
            data = json.load(open(sys.argv[1], encoding="utf-8"))
            jsonschema.Draft7Validator(schema).validate(data)
            frames, profiles = data["shared"]["frames"], data["profiles"]
            assert profiles and 0 <= data["activeProfileIndex"] < len(profiles)
            for profile in profiles:
                assert len(profile["samples"]) == len(profile["weights"]) and min(profile["weights"]) > 0
                assert all(0 <= place < len(frames) for stack in profile["samples"] for place in stack)
                assert sum(profile["weights"]) == profile["endValue"] - profile["startValue"]
            print(len(profiles))
            """

        @Test("speedscope's file is what its published schema asks for, also that of a change")
        func speedscope() async throws {
            let python = Checkout.file(".venv-test/bin/python").path
            try #require(
                FileManager.default.isExecutableFile(atPath: python),
                "run scripts/test once: it makes .venv-test")
            let tree = try TemporaryTree()
            try tree.write(Self.check, to: "check.py")
            let side = ProfileChange.Side(profile: Self.profile, looks: 4, nanoseconds: 40)
            let change = ProfileChange(before: side, after: side)
            let script = try await Script(.usual, PerfTests.source)
            let file = tree.file("real.speedscope.json").path
            #expect(
                try await Answer.of("perf", String(script.pid), "-d", "1s", "--wall", "-o", file).status == 0)
            try tree.write(Speedscope.text(Self.profile, name: "\"n\"", period: 10), to: "plain.json")
            try tree.write(Speedscope.text(change, name: "n\n", period: 10), to: "change.json")
            for (name, count) in [("plain.json", 1), ("change.json", 2), ("real.speedscope.json", 3)] {
                let found = try ProgramOutput.of(python, tree.file("check.py").path, tree.file(name).path)
                #expect(found.contains(String(count)), "\(name): \(found)")
            }
        }
    }
}

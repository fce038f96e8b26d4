import Profiles
import Testing

@Suite("A profile counts stacks and is written in four forms")
struct ProfileTests {
    static func frame(_ name: String, _ line: Int = 1) -> ProfileFrame {
        ProfileFrame(name: name, file: "/srv/app.py", line: line)
    }

    /// Three samples in `main;work`, one in `main;work;work`, one in `main;<a;b>`.
    static var profile: Profile {
        var profile = Profile()
        let (main, work, odd) = (frame("main"), frame("work", 5), frame("<a;b>", 9))
        for time in 0..<3 { profile.add([main, work], thread: "one", at: Int64(time) * 10, period: 10) }
        profile.add([main, work, work], thread: "two", at: 30, period: 10)
        profile.add([main, odd], thread: "one", at: 70, period: 10)
        return profile
    }

    @Test("equal stacks are one, looks in a row are one sample")
    func counts() {
        let profile = Self.profile
        #expect(profile.total == 5 && profile.stacks.count == 3 && profile.frames.count == 3)
        #expect(profile.tracks.map(\.name) == ["one", "two"])
        #expect(profile.tracks[0].samples.map(\.count) == [3, 1])
        #expect(profile.tracks[0].samples.map(\.start) == [0, 70])
    }

    @Test("the same stack after a gap is a sample of its own")
    func gap() {
        var profile = Profile()
        profile.add([Self.frame("main")], thread: "one", at: 0, period: 10)
        profile.add([Self.frame("main")], thread: "one", at: 50, period: 10)
        #expect(profile.tracks[0].samples.map(\.count) == [1, 1] && profile.counts == [2])
    }

    @Test("a recursion counts once in the total, and the hottest come first")
    func hottest() {
        let rows = HotFunction.hottest(of: Self.profile)
        #expect(rows.map(\.frame.name) == ["work", "<a;b>", "main"])
        #expect(rows.map(\.own) == [4, 1, 0] && rows.map(\.total) == [4, 1, 5])
        #expect(HotFunction.hottest(of: Self.profile, most: 1).count == 1)
        #expect(HotFunction.hottest(of: Profile()).isEmpty)
    }

    @Test("collapsed lines have one separator, whatever names hold")
    func collapsed() {
        #expect(
            CollapsedStacks.text(Self.profile) == """
                main (/srv/app.py:1);<a:b> (/srv/app.py:9) 1
                main (/srv/app.py:1);work (/srv/app.py:5) 3
                main (/srv/app.py:1);work (/srv/app.py:5);work (/srv/app.py:5) 1

                """)
    }

    @Test("boxes lie above their callers and within them")
    func boxes() {
        let boxes = FlameBox.boxes(of: Self.profile, root: "all")
        #expect(boxes.map(\.frame.name) == ["all", "main", "<a;b>", "work", "work"])
        #expect(boxes.map(\.depth) == [0, 1, 2, 2, 3])
        #expect(boxes.map(\.left) == [0, 0, 0, 1, 4] && boxes.map(\.count) == [5, 5, 1, 4, 1])
        #expect(FlameBox.boxes(of: Self.profile, root: "all", least: 4).count == 3)
        #expect(FlameBox.boxes(of: Profile(), root: "all").isEmpty)
    }

    @Test("the flame graph escapes names and loads nothing")
    func svg() {
        let svg = FlameGraph.svg(Self.profile, title: "a & \"b\"")
        #expect(svg.contains("a &amp; &quot;b&quot;") && svg.contains("&lt;a;b&gt;"))
        #expect(svg.components(of: "http") == 1 && !svg.contains("href") && !svg.contains("url("))
        #expect(svg.components(of: "<g class=\"b\"") == 5)
    }

    @Test("speedscope has a profile for each thread, with its gaps")
    func speedscope() {
        let text = Speedscope.text(Self.profile, name: "a \"b\"\n", period: 10)
        #expect(text.contains("\"name\":\"a \\\"b\\\"\\u000a\""))
        #expect(
            text.contains(
                "\"startValue\":0,\"endValue\":80,\"samples\":[[0,1],[],[0,2]],\"weights\":[30,40,10]"))
        #expect(text.contains("\"startValue\":30,\"endValue\":40,\"samples\":[[0,1,1]],\"weights\":[10]"))
    }
}

extension String {
    /// How often `part` stands in it.
    fileprivate func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}

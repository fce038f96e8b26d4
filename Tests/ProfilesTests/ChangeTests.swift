import Profiles
import Testing

@Suite("Two profiles are compared function by function")
struct ChangeTests {
    static func frame(_ name: String, _ line: Int = 1) -> ProfileFrame {
        ProfileFrame(name: name, file: "/srv/app.py", line: line)
    }

    /// So many looks, in each of which the stacks were seen as often as told.
    static func side(_ looks: Int, _ stacks: [([ProfileFrame], Int)]) -> ProfileChange.Side {
        var profile = Profile()
        for (stack, count) in stacks {
            for time in 0..<count { profile.add(stack, thread: "one", at: Int64(time), period: 1) }
        }
        return ProfileChange.Side(profile: profile, looks: looks, nanoseconds: Int64(looks))
    }

    private func rows(_ before: ProfileChange.Side, _ after: ProfileChange.Side) -> [String] {
        ChangedFunction.rows(of: ProfileChange(before: before, after: after)).rows.map {
            "\($0.frame.name):\($0.frame.line) \($0.kind.rawValue)"
        }
    }

    @Test("slower, faster, new and gone, the largest change first")
    func kinds() {
        let main = Self.frame("main")
        let before = Self.side(
            1000,
            [
                ([main, Self.frame("slow")], 100), ([main, Self.frame("fast")], 400),
                ([main, Self.frame("old")], 90), ([main, Self.frame("same")], 300),
            ])
        let after = Self.side(
            1000,
            [
                ([main, Self.frame("slow")], 350), ([main, Self.frame("fast")], 200),
                ([main, Self.frame("young")], 80), ([main, Self.frame("same")], 310),
            ])
        #expect(
            rows(before, after) == ["slow:1 slower", "fast:1 faster", "old:1 gone", "young:1 new"])
        let change = ProfileChange(before: before, after: after)
        #expect(ChangedFunction.rows(of: change).alike == 2)
    }

    @Test("all functions that changed are in the rows, and none of them is said to be alike")
    func many() {
        let main = Self.frame("main")
        let young = (1...40).map { ([main, Self.frame("young\($0)")], 20) }
        let change = ProfileChange(
            before: Self.side(1000, [([main], 300)]), after: Self.side(1000, [([main], 300)] + young))
        let (rows, alike) = ChangedFunction.rows(of: change)
        #expect(rows.count == 40 && rows.allSatisfy { $0.kind == .new } && alike == 1)
    }

    @Test("percents are rounded to one decimal, and aligned")
    func percents() {
        #expect(Percent.text(2, of: 3) == "66.7 %" && Percent.text(0, of: 0) == "0.0 %")
        #expect(Percent.text(0.3335, width: 6) == "  33.4 %" && Percent.text(1.0) == "100.0 %")
        #expect(Percent.text(0.99951) == "100.0 %")
    }

    @Test("what chance explains is no change, however the number of looks differs")
    func chance() {
        let before = Self.side(1000, [([Self.frame("work")], 300), ([Self.frame("rare")], 2)])
        #expect(rows(before, Self.side(1000, [([Self.frame("work")], 360)])) == [])
        #expect(rows(before, Self.side(100, [([Self.frame("work")], 31)])) == [])
        #expect(rows(before, Self.side(1000, [([Self.frame("work")], 420)])) == ["work:1 slower"])
        // A thread that had nothing to compete with goes on as before.
        #expect(
            rows(before, Self.side(1000, [([Self.frame("work")], 300), ([Self.frame("more")], 500)]))
                == ["more:1 new"])
        #expect(rows(before, Self.side(0, [])) == [])
    }

    @Test("a function whose line moved is the same one, also where a call still runs the old code")
    func moved() {
        let before = Self.side(1000, [([Self.frame("serve", 10), Self.frame("work", 20)], 500)])
        let after = Self.side(
            1000,
            [
                ([Self.frame("serve", 10), Self.frame("work", 23)], 300),
                ([Self.frame("serve", 12), Self.frame("work", 23)], 200),
            ])
        #expect(rows(before, after) == [])
        let change = ProfileChange(before: before, after: after)
        #expect(change.frames.map(\.line).sorted() == [12, 23])
        #expect(change.stacks.count == 1 && change.counts.first?.after == 500)
    }

    @Test("several functions of one name keep their order")
    func repeated() {
        let before = Self.side(
            1000, [([Self.frame("<lambda>", 10)], 100), ([Self.frame("<lambda>", 12)], 500)])
        let after = Self.side(
            1000, [([Self.frame("<lambda>", 12)], 100), ([Self.frame("<lambda>", 14)], 500)])
        #expect(rows(before, after) == [])
    }

    @Test("a box is as wide as the mean of both sides, and says both numbers")
    func graph() {
        let before = Self.side(100, [([Self.frame("main"), Self.frame("work")], 50)])
        let after = Self.side(200, [([Self.frame("main"), Self.frame("more")], 50)])
        let change = ProfileChange(before: before, after: after)
        let boxes = FlameBox.boxes(of: change, root: "all")
        #expect(boxes.map(\.frame.name) == ["all", "main", "more", "work"])
        #expect(boxes.map(\.count) == [15_000, 15_000, 5000, 10_000])
        let svg = ChangeGraph.svg(change, title: "t")
        #expect(svg.contains("main (/srv/app.py:1): 50.0 % before, 25.0 % after"))
        #expect(svg.contains("more (/srv/app.py:1): 0.0 % before, 25.0 % after"))
        #expect(
            CollapsedStacks.text(change)
                == "main (/srv/app.py:1);more (/srv/app.py:1) 0 50\nmain (/srv/app.py:1);work (/srv/app.py:1) 50 0\n"
        )
        let scope = Speedscope.text(change, name: "n", period: 1)
        #expect(scope.contains("\"name\":\"one before\"") && scope.contains("\"samples\":[[2,3]]"))
    }

    @Test("a window gives the looks of a stretch of time, and forgets what is older")
    func window() {
        var names = FrameTable()
        let (main, work) = (names.place(of: Self.frame("main")), names.place(of: Self.frame("work")))
        var window = SampleWindow(length: 100)
        for time in stride(from: Int64(0), to: 1000, by: 10) {
            window.look(at: time)
            window.add(places: [main, work], thread: "one")
            if time % 20 == 0 { window.add(places: [main], thread: "two") }
        }
        let side = window.side(from: 900, to: 950, period: 10, names: names)
        #expect(side.looks == 5 && side.nanoseconds == 50)
        #expect(side.profile.total == 8 && side.profile.tracks.map(\.name) == ["one", "two"])
        #expect(side.profile.frames.map(\.name) == ["main", "work"])
        let old = window.side(from: 0, to: 700, period: 10, names: names)
        #expect(old.looks == 0 && old.profile.total == 0 && old.nanoseconds == 0)
    }
}

import Reconciler
import Reloader

/// Hears of new code that goes live in a process: from the midflight that controls it, or by patching it ourselves.
enum SaveFeed {
    /// The midflight that controls the process tells what it does.
    case other(EventFeed)
    /// We have attached, for as long as we listen.
    case own(SaveSession)

    /// Nil where no midflight controls the process, or that one tells nothing: `warn` is told why then, and later of
    /// what was not heard.
    static func listening(to pid: Int32, warn: @escaping (String) -> Void) -> SaveFeed? {
        let why: String
        do throws(ControlClient.Failure) {
            let client = try ControlClient(pid: pid)
            if let feed = try client.follow(pid) {
                feed.warn = warn
                return .other(feed)
            }
            why = "midflight \(client.holder), which controls process \(pid), does not tell of them"
        } catch .notControlled, .noSuchProcess {
            return nil
        } catch {
            why = error.message(pid: pid)
        }
        warn("saves are not heard of: \(why)")
        return nil
    }

    /// What went live since it was asked last; nil once nothing more can be heard. Never waits.
    func take() -> [SaveMark]? {
        switch self {
        case .own(let session): return session.take()
        case .other(let feed):
            let now = Monotonic.now
            return feed.take()?.compactMap { SaveMark(lines: $0, now: now) }
        }
    }

    /// Lets go of what we attached to.
    func end() {
        if case .own(let session) = self { session.end() }
    }
}

/// Asks a feed now and then, not at every look.
struct SaveListener {
    /// Nil once nothing more can be heard.
    private(set) var feed: SaveFeed?
    /// CLOCK_MONOTONIC in nanoseconds of the next question.
    private var next: Int64 = 0

    /// Nanoseconds.
    private static let pause: Int64 = 10_000_000

    /// Nil hears nothing.
    init(_ feed: SaveFeed?) { self.feed = feed }

    /// What went live since it was asked last. `now`: CLOCK_MONOTONIC in nanoseconds.
    mutating func take(now: Int64) -> [SaveMark] {
        guard let open = feed, now >= next else { return [] }
        next = now + Self.pause
        guard let saves = open.take() else {
            feed = nil
            return []
        }
        return saves
    }
}

extension SaveMark {
    /// Reads an event as `--json` writes it, one line a process; nil where nothing went in.
    init?(lines: [JSON], now: Int64) {
        var (files, names): ([String], [String]) = ([], [])
        var milliseconds = 0.0
        for line in lines where ["reload", "undo"].contains(line["event"]?.text) {
            files += (line["files"]?.elements ?? []).compactMap(\.text).filter { !files.contains($0) }
            names += (line["applied"]?.elements ?? []).compactMap { $0["name"]?.text }
                .filter { !names.contains($0) }
            switch line["ms"]?["total"] {
            case .number(let total): milliseconds = max(milliseconds, total)
            case .integer(let total): milliseconds = max(milliseconds, Double(total))
            default: break
            }
        }
        guard !names.isEmpty else { return nil }
        self.init(files: files, names: names, noticed: now - Int64(milliseconds * 1e6), live: now)
    }
}

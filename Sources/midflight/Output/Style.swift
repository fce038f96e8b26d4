import Glibc

/// Marks and colours of the human form. A colour never carries a meaning that the text does not.
struct Style: Sendable {
    enum Paint: String { case good = "32", bad = "31", note = "33", dim = "2", bold = "1" }
    enum Mark { case done, failed, warning, event, nothing }

    var isColored: Bool
    var isUnicode: Bool

    init(isColored: Bool, isUnicode: Bool) {
        self.isColored = isColored
        self.isUnicode = isUnicode
    }

    /// Unicode marks where the locale's character set is UTF-8.
    init(color: ColorChoice, descriptor: Int32) {
        let names: [String] = ["LC_ALL", "LC_CTYPE", "LANG"]
        let locale = names.lazy.compactMap { name in getenv(name).map { String(cString: $0) } }.first {
            !$0.isEmpty
        }
        let name = (locale ?? "").lowercased()
        self.init(
            isColored: color.isOn(for: descriptor), isUnicode: name.contains("utf-8") || name.contains("utf8")
        )
    }

    func paint(_ text: String, _ paint: Paint) -> String {
        isColored ? "\u{1b}[\(paint.rawValue)m\(text)\u{1b}[0m" : text
    }

    func mark(_ mark: Mark) -> String {
        switch mark {
        case .done: paint(isUnicode ? "✓" : "ok", .good)
        case .failed: paint(isUnicode ? "✗" : "err", .bad)
        case .warning: paint(isUnicode ? "!" : "warn", .note)
        case .event: paint("~", .dim)
        case .nothing: paint(isUnicode ? "·" : "-", .dim)
        }
    }

    var separator: String { isUnicode ? "·" : "-" }
    var arrow: String { isUnicode ? "→" : "->" }
}

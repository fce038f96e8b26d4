import Glibc

/// Marks and colours of the human form. A colour never carries a meaning that the text does not.
struct Style: Sendable {
    /// The colours of a terminal, by what they mean.
    enum Paint: String { case good = "32", bad = "31", note = "33", dim = "2", bold = "1" }
    /// What a line begins with.
    enum Mark { case done, failed, warning, event, nothing }

    /// Whether colours are used.
    var isColored: Bool
    /// Whether signs outside of ASCII are used.
    var isUnicode: Bool

    /// Makes a style; whether the terminal bears it, its caller knows.
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

    /// The text in this colour, or as it is.
    func paint(_ text: String, _ paint: Paint) -> String {
        isColored ? "\u{1b}[\(paint.rawValue)m\(text)\u{1b}[0m" : text
    }

    /// The sign of a mark, in its colour.
    func mark(_ mark: Mark) -> String {
        switch mark {
        case .done: paint(isUnicode ? "✓" : "ok", .good)
        case .failed: paint(isUnicode ? "✗" : "err", .bad)
        case .warning: paint(isUnicode ? "!" : "warn", .note)
        case .event: paint("~", .dim)
        case .nothing: paint(isUnicode ? "·" : "-", .dim)
        }
    }

    /// What stands between two parts of a line.
    var separator: String { isUnicode ? "·" : "-" }
    /// What leads to more of the same.
    var arrow: String { isUnicode ? "→" : "->" }
}

/// In which form a command says what it has found. Each has one renderer for each kind of answer: a new case does not
/// compile before all of them know it.
enum OutputFormat: Sendable, Hashable {
    /// For people.
    case text
    /// For programs: one object a line, docs/events.schema.json.
    case json
    /// In PyFlightProfiler's words.
    case flight

    /// `flight` is asked for by PyFlightProfiler's way to name a command; `--json` goes before it.
    init(json: Bool, flight: Bool = false) {
        self = json ? .json : flight ? .flight : .text
    }
}

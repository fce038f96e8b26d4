import Reconciler

/// The services, how many processes each has, and the last patch: one line that stays below the log.
struct StatusLine {
    /// The name of a process that was attached to without watch.yaml.
    private static let unnamed = ""

    /// In the order in which they were first heard of; nil is waited for.
    private var services: [(name: String, processes: Int?)] = []
    /// The last burst with its time; empty before the first one.
    private var last = ""
    /// The last thing heard of any service: the line has one word for all.
    private var isPaused = false
    /// Without colours, so that characters can be counted.
    private let style: Style

    /// Has nothing to show yet.
    init(style: Style) { self.style = style }

    /// Takes in what an event says of the present.
    mutating func note(_ event: SessionEvent, of service: String?) {
        let name = service ?? Self.unnamed
        switch event {
        case .ready(let processes, _, _): set(name, processes)
        case .joined: set(name, (services.first { $0.name == name }?.processes ?? 0) + 1)
        case .left(_, let remaining): set(name, remaining)
        case .waiting, .lost: set(name, nil)
        case .burst(let outcome): last = Self.words(outcome, style)
        case .paused: isPaused = true
        case .resumed: isPaused = false
        case .detached: services.removeAll { $0.name == name }
        case .attached, .change, .notice, .overflow, .failed, .refused, .unattached, .back, .otherFiles,
            .command, .signalled, .ended, .staleMount, .reconfigured:
            break
        }
    }

    /// Services that are configured no more are forgotten.
    mutating func keep(only names: Set<String>) { services.removeAll { !names.contains($0.name) } }

    /// `processes`: nil while the service is waited for.
    private mutating func set(_ name: String, _ processes: Int?) {
        if let index = services.firstIndex(where: { $0.name == name }) {
            services[index].processes = processes
        } else {
            services.append((name, processes))
        }
    }

    /// The worst of what happened in any process, by its mark.
    private static func words(_ outcome: BurstOutcome, _ style: Style) -> String {
        let isRejected = outcome.reports.contains { !$0.patch.rejected.isEmpty } || !outcome.failures.isEmpty
        let isKept = outcome.reports.contains { !$0.patch.kept.isEmpty }
        let mark: Style.Mark = isRejected ? .failed : isKept ? .warning : .done
        let more = outcome.files.count > 1 ? " and \(outcome.files.count - 1) more" : ""
        let file = (outcome.files.first ?? "").sanitized
        return "last \(style.mark(mark)) \(file)\(more) \(Timestamp.local())"
    }

    /// At most `columns` characters, of which colours are none.
    func text(columns: Int) -> String {
        let parts = services.map { service in
            let count = service.processes.map { "\($0) process\($0 == 1 ? "" : "es")" } ?? "waiting"
            return service.name.isEmpty ? count : "\(service.name.sanitized) \(count)"
        }
        let all = parts + (isPaused ? ["paused"] : []) + (last.isEmpty ? [] : [last])
        let line = all.joined(separator: " \(style.separator) ")
        // The last column stays free: writing there makes some terminals wrap.
        return line.count < columns ? line : String(line.prefix(max(0, columns - 1)))
    }
}

import Glibc
import Watcher

/// Work that may wait for a process, on a thread of its own: a process that does not answer must not delay the saves of
/// other services, nor what clients ask of them. Where there is one service only, nobody else waits, and the loop does
/// it itself.
extension ServiceLoop {
    /// Does `body` when the service is free, and then `then` on the loop's thread. `mayWait`: false for what is done at
    /// once. `dropped`: called instead of `then` if the service is let go before.
    func perform<Value>(
        _ service: Service, mayWait: Bool = true, _ body: @escaping () -> Value,
        dropped: @escaping () -> Void = {}, then: @escaping (Value) -> Void
    ) {
        if !service.work.isUnderWay, !mayWait || services.count <= 1 { return then(body()) }
        let result = Handed<Value?>(nil)
        service.work.add(
            ServiceWork.Piece(
                body: { result.value = body() }, then: { result.value.map(then) }, dropped: dropped))
        begin(service)
    }

    /// The same, without a result.
    func perform(_ service: Service, mayWait: Bool = true, _ body: @escaping () -> Void) {
        perform(service, mayWait: mayWait, body) { _ in }
    }

    /// Does `body` for each of `services`, and then `then` with what came of it, in their order. Those that are let go
    /// before have no value.
    func perform<Value>(
        _ services: [Service], mayWait: Bool = true, _ body: @escaping (Service) -> Value,
        then: @escaping ([Value]) -> Void
    ) {
        let values = Handed([Value?](repeating: nil, count: services.count))
        let left = Handed(services.count)
        func one(_ value: Value?, _ index: Int) {
            values.value[index] = value
            left.value -= 1
            if left.value == 0 { then(values.value.compactMap { $0 }) }
        }
        if services.isEmpty { return then([]) }
        for (index, service) in services.enumerated() {
            perform(service, mayWait: mayWait, { body(service) }, dropped: { one(nil, index) }) {
                one($0, index)
            }
        }
    }

    /// Hands the service to a thread if something is to be done for it.
    private func begin(_ service: Service) {
        guard !isSettling, let piece = service.work.begin({ service.standing }) else { return }
        let handed = Handed<(() -> Void)?>(piece.body)
        let (mailbox, number) = (mailbox, service.number)
        do throws(WatcherError) {
            let thread = try QuietThread {
                handed.value?()
                handed.value = nil  // what it holds may be let go of as soon as the loop knows
                mailbox.post(.finished(service: number))
            }
            thread.leave()
        } catch {
            piece.body()  // no more threads can be had: the others wait
            mailbox.post(.finished(service: number))
        }
    }

    /// The thread of the service has done its piece.
    func finished(_ service: Service) {
        let piece = service.work.end()
        piece?.then()
        begin(service)
    }

    /// Something that a thread told which had the service.
    func happened(_ event: SessionEvent, to service: Service) {
        if case .joined(let process) = event { service.work.note(pids: [process.pid], owners: []) }
        service.tell(event)
        let roots = service.work.isUnderWay ? service.work.standing.roots : service.crew.scope.roots
        for step in service.steps(for: event, below: roots) {
            perform(service, mayWait: false) { service.take(step) }
        }
    }

    /// The services that no thread has.
    var idle: [Service] { services.filter { !$0.work.isUnderWay } }

    /// Waits until no thread has any of `settled`, and lets no thread have one until `body` is done. What others say
    /// meanwhile is handled later. `isLast`: what waits for these services is dropped.
    func settle(_ settled: [Service], isLast: Bool, _ body: () -> Void) {
        let wasSettling = isSettling
        isSettling = true
        if isLast { settled.forEach { $0.work.drop() } }
        var later: [SessionMessage] = []
        while settled.contains(where: \.work.isUnderWay) {
            guard case .message(let message) = mailbox.next(timeout: nil, watching: []) else { continue }
            switch message {
            case .finished, .event, .taken: handle(message)
            default: later.append(message)
            }
        }
        body()
        if isLast { settled.forEach { $0.work.drop() } }
        isSettling = wasSettling
        mailbox.postBack(later)
        services.forEach(begin)
    }
}

/// Carries what has one owner at a time to that owner's thread.
///
/// Unchecked because services are no `Sendable`: they belong to one thread after the other, which no type says. What
/// makes each hand-over happen before the next is the start of the thread, and the mailbox's lock for its end.
final class Handed<Value>: @unchecked Sendable {
    /// Read and written by the owner only; handed over by a message, or by the start of a thread.
    var value: Value

    /// It belongs to the thread that makes it.
    init(_ value: Value) { self.value = value }
}

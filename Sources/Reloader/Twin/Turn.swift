import Glibc

/// Lets one thread at a time do something that may take seconds; the others sleep.
///
/// Unchecked because of the pointer: it never changes, and what it points to is pthread_mutex_lock(3)'s alone.
final class Turn: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    /// It is nobody's turn.
    init() {
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Waits for its turn, then calls `body`, which must not ask for the same one again.
    func take<Value, Failure>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }
}

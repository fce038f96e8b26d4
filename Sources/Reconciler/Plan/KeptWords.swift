import SourceDiff
import Synchronization

/// The words of one source, looked for when they are asked for first and kept as long as the source.
final class KeptWords: Sendable {
    /// nil until they are asked for. Who comes second waits for the first, rather than look for them again.
    private let made = Mutex<SourceWords?>(nil)
    private let called = Mutex<CallWords?>(nil)

    /// `outline`: that of the source, always the same one.
    func words(of outline: Outline) -> SourceWords {
        made.withLock { made in
            if let made { return made }
            let words = SourceWords(of: outline)
            made = words
            return words
        }
    }

    /// As `words`.
    func calls(of outline: Outline) -> CallWords {
        let bound = words(of: outline).bound
        return called.withLock { called in
            if let called { return called }
            let calls = CallWords(of: outline, bound: bound)
            called = calls
            return calls
        }
    }
}

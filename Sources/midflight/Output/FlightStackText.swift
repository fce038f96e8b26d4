import Reloader

/// The stacks of a process in PyFlightProfiler's words.
enum FlightStackText {
    /// All threads, as PyFlightProfiler writes them.
    static func text(_ process: ProcessStacks) -> String {
        process.threads.map { thread in
            var text =
                "Traceback for thread \(thread.id ?? 0) (\(thread.command.sanitized)) [] (most recent call last):\n"
            for frame in thread.frames {
                text +=
                    "    (Python) File \"\(frame.file.sanitized)\", line \(frame.line), in \(frame.function.sanitized)\n"
            }
            return text + "\n"
        }.joined()
    }
}

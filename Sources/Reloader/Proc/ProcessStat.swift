/// What /proc/PID/stat says that we use (proc_pid_stat(5)).
package struct ProcessStat: Sendable, Hashable {
    /// The name of its main thread, at most 15 bytes.
    package var name: String
    /// One letter: R S D T t Z X …
    package var state: Character
    /// The pid of its parent; 0 for the first one of a namespace.
    package var parent: Int32
    /// How many threads it has, those that are zombies included; 1 for a process that has ended.
    package var threads: Int
    /// Clock ticks after boot; a reused pid has another one.
    package var startTime: UInt64
    /// Address of the program text: changes when the process executes another program. 0 without permission.
    package var startCode: UInt64
    /// Where the stack of the main thread began; 0 where we may not know it.
    package var startStack: UInt64

    /// Nil if `line` is not such a line. The name is in parentheses and may itself contain any of them.
    package init?(line: String) {
        // In bytes: it is read of every process and many times, and characters cost ten times as much.
        let bytes = line.utf8
        guard let open = bytes.firstIndex(of: UInt8(ascii: "(")),
            let close = bytes.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        let fields = bytes[bytes.index(after: close)...].split(separator: UInt8(ascii: " "))
        func number<Number: FixedWidthInteger>(_ index: Int) -> Number? { Number(Substring(fields[index])) }
        guard fields.count > 25, let state = Substring(fields[0]).first, let parent: Int32 = number(1),
            let threads: Int = number(17), let startTime: UInt64 = number(19),
            let startCode: UInt64 = number(23), let startStack: UInt64 = number(25)
        else { return nil }
        self.name = String(line[line.index(after: open)..<close])
        self.state = state
        self.parent = parent
        self.threads = threads
        self.startTime = startTime
        self.startCode = startCode
        self.startStack = startStack
    }

    /// Whether nothing of it runs any more. Its first thread alone is a zombie while another one executes a program
    /// (de_thread in the kernel's fs/exec.c), or where that thread alone has ended (pthread_exit(3)).
    package var hasEnded: Bool { state == "X" || isZombie && threads <= 1 }

    /// Whether its first thread has ended while others have not, and what becomes of it is not known yet.
    package var isLosingFirstThread: Bool { isZombie && threads > 1 }

    private var isZombie: Bool { state == "Z" }
}

import Glibc
import SystemPackage

/// Small facts that the kernel gives as text or by a clock.
enum Proc {
    /// The whole file, or nothing if it cannot be read. Files in /proc tell no size, and give a page at a time.
    static func read(_ path: BytePath) -> [UInt8] {
        guard let file = try? OpenFile(path) else { return [] }
        var text: [UInt8] = []
        while let chunk = try? file.read(pageSize, from: text.count), !chunk.isEmpty { text += chunk }
        return text
    }

    /// Bytes of one read; a smaller one would only cost more calls.
    private static let pageSize = 4096

    /// The first line as a decimal number; nil if the file cannot be read or starts with something else
    /// (`max`).
    static func number(_ path: String) -> Int? {
        let digits = read(BytePath(path)).prefix { $0 != UInt8(ascii: "\n") }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// Nanoseconds since 1970, by the clock that file times are taken from.
    static func wallClock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// The text of a symbolic link; nil if `path` is none.
    static func linkTarget(_ path: BytePath) -> [UInt8]? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = path.withCString { readlink($0, &target, target.count) }
        return count < 0 ? nil : target[..<count].map { UInt8(bitPattern: $0) }
    }
}

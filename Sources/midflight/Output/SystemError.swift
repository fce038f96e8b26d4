import Glibc

/// An errno in words.
struct SystemError: CustomStringConvertible {
    /// Read when it is described; strerror(3) knows any number.
    private let number: Int32

    /// `number`: an errno.
    init(_ number: Int32) { self.number = number }

    /// As strerror(3) has it.
    var description: String { String(cString: strerror(number)) }
}

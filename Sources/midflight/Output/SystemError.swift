import Glibc

/// An errno in words.
struct SystemError: CustomStringConvertible {
    private let number: Int32

    init(_ number: Int32) { self.number = number }

    var description: String { String(cString: strerror(number)) }
}

import Reloader

/// How requests and answers look in frames; the executable's form of JSON.
package struct ControlCodec: Sendable {
    /// Nil if the content is no request.
    let decode: @Sendable ([UInt8]) -> ControlRequest?
    /// An answer as it is sent.
    let encode: @Sendable (ControlAnswer) -> [UInt8]

    /// The format is the caller's: this room knows none.
    package init(
        decode: @escaping @Sendable ([UInt8]) -> ControlRequest?,
        encode: @escaping @Sendable (ControlAnswer) -> [UInt8]
    ) {
        self.decode = decode
        self.encode = encode
    }
}

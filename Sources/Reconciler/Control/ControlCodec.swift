import Reloader

/// How requests and answers look in frames; the executable's form of JSON.
package struct ControlCodec: Sendable {
    /// Nil if the content is no request.
    let decode: @Sendable ([UInt8]) -> ControlRequest?
    /// An answer as it is sent.
    let encode: @Sendable (ControlAnswer) -> [UInt8]
    /// An event as it is sent, with the name of its service; empty where there is nothing to say.
    let event: @Sendable (SessionEvent, String?) -> [UInt8]
    /// The event that tells how many others were left out.
    let leftOut: @Sendable (Int) -> [UInt8]

    /// The format is the caller's: this room knows none.
    package init(
        decode: @escaping @Sendable ([UInt8]) -> ControlRequest?,
        encode: @escaping @Sendable (ControlAnswer) -> [UInt8],
        event: @escaping @Sendable (SessionEvent, String?) -> [UInt8],
        leftOut: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.decode = decode
        self.encode = encode
        self.event = event
        self.leftOut = leftOut
    }
}

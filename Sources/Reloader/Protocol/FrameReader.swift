/// Puts frames together from the bytes of a stream, in whatever pieces they arrive.
///
/// The other side is not trusted: a length beyond the limit ends the stream before anything is allocated for it.
package struct FrameReader: Sendable {
    /// Why what has arrived is no stream of frames. Nothing can be read behind it.
    package enum Failure: Error, Sendable, Hashable {
        /// Bytes that the header announces.
        case tooLong(Int)
        /// The byte that stands where a kind should.
        case unknownKind(UInt8)
    }

    private var bytes: [UInt8] = []
    private var start = 0
    private let longest: Int

    /// `longest`: bytes of content that a frame may have.
    package init(longest: Int) { self.longest = longest }

    /// Bytes that have arrived, in any pieces.
    package mutating func append(_ piece: some Sequence<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(contentsOf: piece)
    }

    /// The next whole frame; nil until more bytes have arrived.
    package mutating func next() throws(Failure) -> Frame? {
        let have = bytes.count - start
        guard have >= Frame.headerSize else { return nil }
        let count = Int(UInt32(littleEndianBytes: bytes[start..<start + 4]))
        guard count <= longest else { throw .tooLong(count) }
        guard let kind = Frame.Kind(rawValue: bytes[start + 8]) else {
            throw .unknownKind(bytes[start + 8])
        }
        let end = start + Frame.headerSize + count
        guard end <= bytes.count else { return nil }
        defer { start = end }
        return Frame(
            id: UInt32(littleEndianBytes: bytes[start + 4..<start + 8]), kind: kind,
            content: Array(bytes[start + Frame.headerSize..<end]))
    }

    /// Bytes that the frame under way still lacks: how much is worth reading at once.
    package var missing: Int {
        let have = bytes.count - start
        guard have >= 4 else { return Frame.headerSize - have }
        let count = Int(UInt32(littleEndianBytes: bytes[start..<start + 4]))
        return max(1, Frame.headerSize + min(count, longest) - have)
    }
}

/// One message of a conversation with an agent, a compiler twin or another midflight. docs/protocols.md describes them.
///
/// On the stream: the length of the content (u32), the number of the request (u32), the kind (u8), all little-endian,
/// then the content. A request has at most one `taken` before anything is done for it, any number of events, exactly
/// one answer, and an `end` as its last frame.
package struct Frame: Sendable, Hashable {
    /// What a frame is to its request.
    package enum Kind: UInt8, Sendable {
        /// Sent by the side that asks; its number must not be in use.
        case request = 1
        /// The request has arrived and is worked on from now on: its sender does not send it a second time.
        case taken, answer, event, end
    }

    /// The number of the request that it is or belongs to: unique within a stream, from 1 upwards.
    package var id: UInt32
    /// What the frame is to its request.
    package var kind: Kind
    /// Marshal of an agent's or a twin's, JSON of another midflight's.
    package var content: [UInt8]

    /// Bytes before the content: length, number, kind.
    package static let headerSize = 9

    /// Makes a frame; its length follows from `content`.
    package init(id: UInt32, kind: Kind, content: [UInt8] = []) {
        self.id = id
        self.kind = kind
        self.content = content
    }

    /// As it is sent.
    package var bytes: [UInt8] {
        UInt32(content.count).littleEndianBytes + id.littleEndianBytes + [kind.rawValue] + content
    }
}

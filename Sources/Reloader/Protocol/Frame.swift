/// One message of a conversation with an agent, a compiler twin or another midflight. docs/protocols.md describes them.
///
/// On the stream: the length of the content (u32), the number of the request (u32), the kind (u8), all little-endian, then
/// the content. A request has at most one `taken` before anything is done for it, any number of events, exactly one answer,
/// and an `end` as its last frame.
package struct Frame: Sendable, Hashable {
    package enum Kind: UInt8, Sendable {
        case request = 1
        /// The request has arrived and is worked on from now on: whoever sent it does not send it a second time.
        case taken, answer, event, end
    }

    /// The number of the request that it is or belongs to: unique within a stream, from 1 upwards.
    package var id: UInt32
    package var kind: Kind
    package var content: [UInt8]

    package static let headerSize = 9

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

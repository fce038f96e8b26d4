/// An answer of agent or twin that is not what was asked for: a fault of ours.
package enum ProtocolError: Error, Sendable, Hashable {
    /// The bytes are no marshal that we read.
    case malformed(MarshalError)
    /// The answer to this request has another form.
    case unexpected(String)
    /// The other side's own words.
    case failed(String)
}

/// What all answers have in common: a name, and what belongs to it.
enum AgentAnswer {
    /// The second element of `(name, content)`.
    static func content(of bytes: [UInt8], named name: String) throws(ProtocolError) -> MarshalValue {
        let items: [MarshalValue]
        do throws(MarshalError) {
            items = try MarshalValue(marshalled: bytes).items ?? []
        } catch {
            throw .malformed(error)
        }
        if items.first == "failed" { throw .failed(items.dropFirst().first?.text ?? "") }
        guard items.count >= 2, items[0] == .string(name) else { throw .unexpected(name) }
        return items[1]
    }
}

extension LiveComparison.Fact {
    /// nil unless it is a kind that we know, a name and a line.
    init?(_ value: MarshalValue) {
        guard let parts = value.items, parts.count == 3,
            let kind = parts[0].text.flatMap(Kind.init(rawValue:)), let qualname = parts[1].text,
            let line = parts[2].integer
        else { return nil }
        self.init(kind: kind, qualname: qualname, line: line)
    }
}

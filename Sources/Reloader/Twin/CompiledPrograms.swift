/// Our Python programs as one interpreter has compiled them, marshalled.
package struct CompiledPrograms: Sendable, Hashable {
    /// Which interpreter has compiled them.
    package var facts: CompilerTwin.Facts
    /// What attach hands over; only `facts.hexVersion` may load it.
    package var agent: [UInt8]
    /// The twin's own program.
    var twin: [UInt8]

    /// Differs between versions of midflight: FNV-1a of both sources.
    static let fingerprint: String = {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in AgentProgram.agent + AgentProgram.twin { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }()

    /// Takes what an interpreter has compiled.
    init(facts: CompilerTwin.Facts, agent: [UInt8], twin: [UInt8]) {
        self.facts = facts
        self.agent = agent
        self.twin = twin
    }
}

extension CompiledPrograms {
    /// Nil unless `content` was written by `content(for:)` for the same interpreter and this version of midflight.
    init?(content: [UInt8], for interpreter: InterpreterIdentity) {
        guard let items = try? MarshalValue(marshalled: content).items, items.count == 5,
            items[0].text == interpreter.text, items[1].text == Self.fingerprint,
            let facts = CompilerTwin.Facts(items[2]), let agent = items[3].data, let twin = items[4].data,
            !agent.isEmpty, !twin.isEmpty
        else { return nil }
        self.init(facts: facts, agent: agent, twin: twin)
    }

    /// As it is kept in a file.
    func content(for interpreter: InterpreterIdentity) -> [UInt8] {
        MarshalValue.tuple([
            .string(interpreter.text), .string(Self.fingerprint), facts.message, .bytes(agent), .bytes(twin),
        ]).marshalled
    }
}

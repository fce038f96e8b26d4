/// Our Python programs as one interpreter has compiled them, marshalled.
package struct CompiledPrograms: Sendable, Hashable {
    /// Which interpreter has compiled them.
    package var facts: CompilerTwin.Facts
    /// What attach hands over; only `facts.hexVersion` may load it.
    package var agent: [UInt8]
    /// What is handed over where only the modules are asked for.
    package var lookup: [UInt8]
    /// The twin's own program.
    var twin: [UInt8]

    /// Differs between versions of midflight.
    static let fingerprint = fingerprint(
        of: [AgentProgram.agent, AgentProgram.lookup, AgentProgram.twin].flatMap(\.files))

    /// Eight bytes at a step: it is made at each start. Multiplied twice: after one time the highest bit has changed
    /// nothing but itself, and the next word could undo it.
    static func fingerprint(of texts: [[UInt8]]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func take(_ word: UInt64) {
            hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
            hash = (hash ^ hash >> 32) &* 0xbf58_476d_1ce4_e5b9
        }
        for text in texts {
            text.withUnsafeBytes { bytes in
                let words = bytes.count / 8
                for index in 0..<words {
                    take(bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
                }
                for index in (words * 8)..<bytes.count { take(UInt64(bytes[index])) }
            }
            take(UInt64(text.count))
        }
        return String(hash, radix: 16)
    }

    /// Takes what an interpreter has compiled.
    init(facts: CompilerTwin.Facts, agent: [UInt8], lookup: [UInt8], twin: [UInt8]) {
        self.facts = facts
        self.agent = agent
        self.lookup = lookup
        self.twin = twin
    }
}

extension CompiledPrograms {
    /// Nil unless `content` was written by `content(for:)` for the same interpreter and this version of midflight, and
    /// `lookup` with it.
    init?(content: [UInt8], lookup: CompiledLookup, for interpreter: InterpreterIdentity) {
        guard let items = try? MarshalValue(marshalled: content).items, items.count == 5,
            items[0].text == interpreter.text, items[1].text == Self.fingerprint,
            let facts = CompilerTwin.Facts(items[2]), facts == lookup.facts, let agent = items[3].data,
            let twin = items[4].data, !agent.isEmpty, !twin.isEmpty
        else { return nil }
        self.init(facts: facts, agent: agent, lookup: lookup.code, twin: twin)
    }

    /// As it is kept in a file. What tells modules has its own.
    func content(for interpreter: InterpreterIdentity) -> [UInt8] {
        MarshalValue.tuple([
            .string(interpreter.text), .string(Self.fingerprint), facts.message, .bytes(agent), .bytes(twin),
        ]).marshalled
    }
}

/// What is handed over where only the modules are asked for: a small part of all programs, and read alone.
package struct CompiledLookup: Sendable, Hashable {
    /// Which interpreter has compiled it.
    package var facts: CompilerTwin.Facts
    /// Only `facts.hexVersion` may load it.
    package var code: [UInt8]

    /// A part of what an interpreter has compiled.
    package init(_ programs: CompiledPrograms) {
        facts = programs.facts
        code = programs.lookup
    }

    /// Nil unless `content` was written by `content(for:)` for the same interpreter and this version of midflight.
    init?(content: [UInt8], for interpreter: InterpreterIdentity) {
        guard let items = try? MarshalValue(marshalled: content).items, items.count == 4,
            items[0].text == interpreter.text, items[1].text == CompiledPrograms.fingerprint,
            let facts = CompilerTwin.Facts(items[2]), let code = items[3].data, !code.isEmpty
        else { return nil }
        self.facts = facts
        self.code = code
    }

    /// As it is kept in a file.
    func content(for interpreter: InterpreterIdentity) -> [UInt8] {
        MarshalValue.tuple([
            .string(interpreter.text), .string(CompiledPrograms.fingerprint), facts.message, .bytes(code),
        ]).marshalled
    }
}

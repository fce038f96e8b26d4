/// What the agent found looking for copies of the files that this conversation has saved, made since it looked last.
package struct CopySearch: Sendable, Hashable {
    /// A copy that was behind.
    package struct Copy: Sendable, Hashable {
        /// `co_filename`.
        package var file: String
        /// How many of its functions have the saved code now.
        package var functions: Int
        /// What does not follow, for people; empty if all of it does.
        package var kept: String
    }

    /// Each copy that was behind, whether it follows now or not; empty if there was none.
    package var late: [Copy]
    /// False if something else was asked for before the whole heap was looked at.
    package var isDone: Bool
    /// What the process's next agent is to be given; empty for what the last one was.
    package var heap: [UInt8]

    /// The request that the agent answers with this. It gives way to every other one.
    package static let request = MarshalValue.tuple(["copies"]).marshalled

    /// Throws `unexpected` for an answer of another form; a copy that does not parse is left out.
    package init(answer: [UInt8]) throws(ProtocolError) {
        let facts = try AgentAnswer.content(of: answer, named: "copies")
        guard let isDone = facts["is_done"]?.flag else { throw .unexpected("copies") }
        self.isDone = isDone
        late = (facts["late"]?.items ?? []).compactMap(Copy.init)
        heap = facts["heap"]?.data ?? []
    }
}

extension CopySearch.Copy {
    /// nil unless it is a tuple of the three members.
    init?(_ value: MarshalValue) {
        guard let parts = value.items, parts.count == 3, let file = parts[0].text,
            let functions = parts[1].integer, let kept = parts[2].text
        else { return nil }
        self.init(file: file, functions: functions, kept: kept)
    }
}

/// An interpreter that starts up while the caller does something else.
package struct TwinProcess: ~Copyable {
    /// The interpreter.
    let child: ChildInterpreter
    /// What was compiled for it before; nil if it compiles our programs now.
    let known: CompiledPrograms?
    /// The number of the first request, which is under way.
    let hello: UInt32

    /// `known`: what an interpreter like it has compiled; without it our programs are compiled now.
    package init(_ launch: TwinLaunch, optimize: Int = 0, known: CompiledPrograms? = nil) throws(TwinError) {
        try self.init(try ChildInterpreter(launch), optimize: optimize, known: known)
    }

    /// The same with an interpreter that was started before.
    init(_ child: consuming ChildInterpreter, optimize: Int = 0, known: CompiledPrograms?) throws(TwinError) {
        let version = UInt32(truncatingIfNeeded: known?.facts.hexVersion ?? 0)
        func source(_ program: ProgramText) -> MarshalValue { .bytes(known == nil ? program.bytes : []) }
        let request = MarshalValue.tuple([
            "hello", source(AgentProgram.agent), .int(Int64(optimize)), source(AgentProgram.lookup),
        ])
        let program = version.littleEndianBytes + (known?.twin ?? AgentProgram.twin.bytes)
        try child.load(program, timeout: CompilerTwin.limit)
        hello = try child.send(request.marshalled, timeout: CompilerTwin.limit)
        self.child = child
        self.known = known
    }
}

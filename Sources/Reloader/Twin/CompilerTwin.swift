/// The target's own interpreter as a child of ours: it compiles, so that the target need not.
///
/// One per interpreter, used by one caller at a time. After `died` or `tooSlow` make a new one: its only state is a
/// cache.
package struct CompilerTwin: ~Copyable {
    /// The interpreter.
    let child: ChildInterpreter
    /// Agent and twin as this interpreter has compiled them.
    package let programs: CompiledPrograms
    /// Milliseconds without a word. Compiling 5,500 lines takes 0.1 s, and a part of a request has no more than that,
    /// or one file; a machine under load is given a hundred times that.
    static let limit: Int64 = 15_000

    /// What the interpreter says of itself.
    package struct Facts: Sendable, Hashable {
        /// `sys.version_info`: major, minor, micro.
        package var version: [Int]
        /// `sys.hexversion`.
        package var hexVersion: Int
        /// `sys.implementation.name`.
        package var implementation: String
        /// First bytes of its .pyc files.
        package var magic: [UInt8]
        /// Whether it runs without a GIL.
        package var isFreeThreaded: Bool
    }

    /// A source that does not compile. Line and columns are 1-based, 0 if unknown; columns count characters.
    package struct Problem: Sendable, Hashable {
        /// `syntax` or `encoding`.
        package var reason: String
        /// `co_filename` of the file that does not compile.
        package var file: String
        /// `SyntaxError`, `IndentationError`, …
        package var type: String
        /// Where the problem begins.
        package var line: Int
        /// Where the problem begins, from 1.
        package var column: Int
        /// Where it ends; 0 before 3.10, which does not tell.
        package var endLine: Int
        /// The column behind its last character.
        package var endColumn: Int
        /// As Python words it.
        package var message: String
        /// The line of source it concerns, without its end.
        package var text: String
    }

    /// A request for the agent, ready to be sent; or the files that do not compile.
    package enum Preparation: Sendable {
        /// The content of one request frame.
        case request([UInt8])
        /// In the order in which the twin met them.
        case rejected([Problem])
    }

    /// What the interpreter says of itself.
    package var facts: Facts { programs.facts }

    /// `optimize`: the target's `sys.flags.optimize`.
    package init(_ launch: TwinLaunch, optimize: Int = 0) throws(TwinError) {
        try self.init(TwinProcess(launch, optimize: optimize))
    }

    /// Waits for the answer of an interpreter that was started before. Throws `mismatch` or `died` if what it knows was
    /// compiled by another one.
    package init(_ process: consuming TwinProcess) throws(TwinError) {
        let programs = try Self.programs(of: process)
        self.init(child: process.child, programs: programs)
    }

    /// Cannot fail: an initializer that throws with a part of its properties set is where compilers were found to
    /// differ.
    private init(child: consuming ChildInterpreter, programs: CompiledPrograms) {
        self.child = child
        self.programs = programs
    }

    /// What the interpreter has compiled, by its first words or from our files.
    private static func programs(of process: borrowing TwinProcess) throws(TwinError) -> CompiledPrograms {
        let answer = try items(of: try process.child.receive(process.hello, timeout: limit), named: "hello")
        guard answer.count == 5, let facts = Facts(answer[1]), let agent = answer[2].data,
            let twin = answer[3].data, let lookup = answer[4].data
        else {
            throw .wrongAnswer(.unexpected("hello"))
        }
        if let known = process.known, known.facts != facts {
            throw .mismatch(expected: known.facts.hexVersion, found: facts.hexVersion)
        }
        return process.known ?? CompiledPrograms(facts: facts, agent: agent, lookup: lookup, twin: twin)
    }

    /// A file to compare with live code.
    package struct Baseline: Sendable {
        /// `co_filename` of what is compiled.
        package var path: String
        /// Every `co_filename` that live code of the file may carry.
        package var paths: [String]
        /// Names in `sys.modules` that were made from the file.
        package var modules: [String]
        /// The source as it is on disk, in its own encoding.
        package var source: [UInt8]

        /// Makes the entry of one file.
        package init(path: String, paths: [String], modules: [String], source: [UInt8]) {
            self.path = path
            self.paths = paths
            self.modules = modules
            self.source = source
        }
    }

    /// Sends a request and waits for the answer's items. `name`: what they must begin with; nil for any.
    func ask(_ request: MarshalValue, named name: String?) throws(TwinError) -> [MarshalValue] {
        try Self.items(of: try child.ask(request.marshalled, timeout: Self.limit), named: name)
    }

    /// The items of an answer. Throws `wrongAnswer` if they do not begin with `name`.
    static func items(of answer: [UInt8], named name: String?) throws(TwinError) -> [MarshalValue] {
        let items: [MarshalValue]
        do throws(MarshalError) {
            items = try MarshalValue(marshalled: answer).items ?? []
        } catch {
            throw .wrongAnswer(.malformed(error))
        }
        if items.first == "failed" { throw .wrongAnswer(.failed(items.dropFirst().first?.text ?? "")) }
        if let name, items.first != .string(name) { throw .wrongAnswer(.unexpected(name)) }
        return items
    }
}

extension CompilerTwin.Facts {
    /// Nil if something is missing in what the interpreter said.
    init?(_ value: MarshalValue) {
        guard let version = value["version"]?.items?.compactMap(\.integer),
            let hex = value["hexversion"]?.integer,
            let magic = value["magic"]?.data
        else { return nil }
        self.init(
            version: version, hexVersion: hex, implementation: value["implementation"]?.text ?? "",
            magic: magic,
            isFreeThreaded: value["free_threaded"]?.flag ?? false)
    }

    /// As it is kept in a file.
    var message: MarshalValue {
        [
            "version": .list(version.map { .int(Int64($0)) }), "hexversion": .int(Int64(hexVersion)),
            "magic": .bytes(magic), "implementation": .string(implementation),
            "free_threaded": .bool(isFreeThreaded),
        ]
    }
}

extension CompilerTwin.Problem {
    /// Nil if something is missing in what the interpreter said.
    init?(_ value: MarshalValue) {
        guard let reason = value["reason"]?.text, let message = value["message"]?.text else { return nil }
        self.init(
            reason: reason, file: value["path"]?.text ?? "", type: value["type"]?.text ?? "SyntaxError",
            line: value["line"]?.integer ?? 0, column: value["column"]?.integer ?? 0,
            endLine: value["end_line"]?.integer ?? 0, endColumn: value["end_column"]?.integer ?? 0,
            message: message,
            text: value["text"]?.text ?? "")
    }
}

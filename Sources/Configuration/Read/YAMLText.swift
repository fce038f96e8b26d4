import CLibYAML

/// The nodes of a YAML text, or why it is none.
struct YAMLText {
    /// Nil if the text is no YAML.
    private(set) var root: Node?
    private(set) var problems: [ConfigurationProblem] = []

    /// Reads the whole text; what cannot be read is in `problems`.
    init(_ text: String) {
        do throws(ConfigurationProblem) {
            root = try YAMLComposer.root(of: text)
            if root == nil {
                throw ConfigurationProblem(
                    line: 1, column: 1, message: "the file is empty: it needs version and services")
            }
        } catch {
            problems.append(error)
        }
    }
}

/// Makes nodes of libyaml's events.
private struct YAMLComposer {
    /// No configuration comes near these; a text that does is damaged, or made to use up memory.
    private static let deepest = 100
    private static let mostNodes = 100_000

    private var parser: UnsafeMutablePointer<yaml_parser_t>
    /// The nodes that have a name, and how many nodes each of them is.
    private var anchors: [String: (node: Node, count: Int)] = [:]
    private var count = 0

    /// Nil if the text has no document.
    static func root(of text: String) throws(ConfigurationProblem) -> Node? {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else {
            throw ConfigurationProblem(line: 1, column: 1, message: "no memory is left to read the file")
        }
        defer { yaml_parser_delete(parser) }
        let bytes = Array(text.utf8)
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<Node?, ConfigurationProblem> in
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
            var composer = YAMLComposer(parser: parser)
            return Result { () throws(ConfigurationProblem) in try composer.document(bytes) }
        }
        return try result.get()
    }

    private init(parser: UnsafeMutablePointer<yaml_parser_t>) { self.parser = parser }

    /// The one document of the stream.
    private mutating func document(_ bytes: [UInt8]) throws(ConfigurationProblem) -> Node? {
        var root: Node?
        while true {
            var event = try next(bytes)
            defer { yaml_event_delete(&event) }
            switch event.type {
            case YAML_STREAM_END_EVENT: return root
            case YAML_STREAM_START_EVENT, YAML_DOCUMENT_END_EVENT: continue
            case YAML_DOCUMENT_START_EVENT:
                guard root == nil else { throw Self.problem(event.start_mark, "but found another document") }
            default: root = try node(event, depth: 0, bytes)
            }
        }
    }

    /// The node that begins with `event`, which the caller deletes.
    private mutating func node(
        _ event: yaml_event_t, depth: Int, _ bytes: [UInt8]
    ) throws(ConfigurationProblem) -> Node {
        guard depth < Self.deepest else { throw Self.problem(event.start_mark, "this is nested too deeply") }
        let before = count
        let content: Node.Content
        let name: UnsafeMutablePointer<yaml_char_t>?
        switch event.type {
        case YAML_ALIAS_EVENT: return try aliased(event)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            content = .scalar(Node.Scalar(text: text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE))
            name = scalar.anchor
        case YAML_SEQUENCE_START_EVENT:
            let items = try items(depth: depth, until: YAML_SEQUENCE_END_EVENT, bytes)
            content = .sequence(items)
            name = event.data.sequence_start.anchor
        default:
            let items = try items(depth: depth, until: YAML_MAPPING_END_EVENT, bytes)
            content = .mapping(
                stride(from: 0, to: items.count - 1, by: 2).map { (key: items[$0], value: items[$0 + 1]) })
            name = event.data.mapping_start.anchor
        }
        try add(1, event)
        let node = Node(
            line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1, content: content)
        if let name { anchors[Self.text(name)] = (node, count - before) }
        return node
    }

    /// The nodes up to the event that ends their list; of a mapping, keys and values in turn.
    private mutating func items(
        depth: Int, until end: yaml_event_type_t, _ bytes: [UInt8]
    ) throws(ConfigurationProblem) -> [Node] {
        var items: [Node] = []
        while true {
            var event = try next(bytes)
            defer { yaml_event_delete(&event) }
            if event.type == end { return items }
            items.append(try node(event, depth: depth + 1, bytes))
        }
    }

    private mutating func aliased(_ event: yaml_event_t) throws(ConfigurationProblem) -> Node {
        let name = event.data.alias.anchor.map(Self.text) ?? ""
        guard let named = anchors[name] else {
            throw Self.problem(event.start_mark, "found undefined alias '\(name)'")
        }
        try add(named.count, event)
        return named.node
    }

    private mutating func add(_ nodes: Int, _ event: yaml_event_t) throws(ConfigurationProblem) {
        count += nodes
        guard count <= Self.mostNodes else {
            throw Self.problem(event.start_mark, "the file has too many values")
        }
    }

    /// The caller deletes it.
    private func next(_ bytes: [UInt8]) throws(ConfigurationProblem) -> yaml_event_t {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure(bytes) }
        return event
    }

    /// Why libyaml stopped. Where it could not decode the text it gives only an offset in bytes.
    private func failure(_ bytes: [UInt8]) -> ConfigurationProblem {
        let problem =
            parser.pointee.problem.map { String(cString: $0) } ?? "no memory is left to read the file"
        guard parser.pointee.error == YAML_READER_ERROR else {
            return Self.problem(parser.pointee.problem_mark, problem)
        }
        let before = bytes.prefix(parser.pointee.problem_offset)
        let line = before.split(separator: 10, omittingEmptySubsequences: false).last ?? []
        return ConfigurationProblem(
            line: before.count { $0 == 10 } + 1,
            column: String(decoding: line, as: UTF8.self).unicodeScalars.count + 1,
            message: "YAML: \(problem)")
    }

    private static func problem(_ mark: yaml_mark_t, _ message: String) -> ConfigurationProblem {
        ConfigurationProblem(
            line: Int(mark.line) + 1, column: Int(mark.column) + 1, message: "YAML: \(message)")
    }

    private static func text(_ name: UnsafeMutablePointer<yaml_char_t>) -> String {
        String(cString: UnsafePointer(name))
    }
}

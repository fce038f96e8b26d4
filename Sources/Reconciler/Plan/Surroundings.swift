import Reloader
import SourceDiff

/// What of a process's sources may hold or have used what a burst changes, although its own text is the same: imports
/// by name, values that were built when the module was imported, calls and conditions of then, and headers of
/// definitions.
///
/// Names are all that is looked at: the agent knows whether they mean what changed.
struct Surroundings {
    /// One source file as the process runs it after the burst.
    struct File {
        /// `co_filename`.
        var path: String
        /// Names in `sys.modules`.
        var modules: [String]
        var outline: Outline
        /// Of `outline`.
        var words: SourceWords
        /// Of `outline`, or of what the process ran before the burst.
        var calls: CallWords
        /// Indexes of statements that are the burst's own.
        var touched: Set<Int> = []
        /// Names of this file that the burst keeps without asking.
        var stale: [Around.Stale] = []
    }

    /// What gives all names of a module or a class body.
    private static let namespaces = Set(
        ["globals", "locals", "vars", "dir", "__dict__", "getmembers"].map { SourceWords.hash($0.utf8) })

    /// How many steps from value to value are followed.
    private static let rounds = 3

    /// What may have been used.
    private var words: Set<SourceWords.Hash> = []
    /// Of these, functions and classes that the burst changes.
    private var changed: Set<SourceWords.Hash> = []
    /// Of `words`, names that may lead to something else: only they mean anything to an import.
    private var renewed: Set<SourceWords.Hash> = []
    /// Bare names of methods: statements that do something are not searched for them, because many classes may have one. With the names of the classes.
    private var methods: [SourceWords.Hash: Set<SourceWords.Hash>] = [:]

    /// Of `methods`, those that run when an attribute is read.
    private var properties: Set<SourceWords.Hash> = []

    /// Of a word the names by which a file may mean it: itself, or of what is in a class the class. A word without any may
    /// be meant everywhere.
    private var anchors: [SourceWords.Hash: Set<SourceWords.Hash>] = [:]

    /// `changes`: what the burst plans; `kept`: names of what it keeps without asking.
    init(_ changes: [PlannedChange], outlines: [Outline], kept: [Around.Stale]) {
        let makers = Makers(changes.contains { $0.qualname.contains(".") } ? outlines : [])
        for change in changes {
            let names = Self.names(change)
            let owner = Self.outermost(change)
            names.forEach { add($0, isRenewed: !change.keepsName, anchor: owner ?? $0) }
            if let owner = makers.owner(change) { add(owner, isRenewed: false, anchor: owner) }
            if change.operation == .function, change.qualname.contains(".") {
                remove(change.name)
                addMethod(change)
                if makers.isProperty(change) { properties.insert(SourceWords.hash(change.name.utf8)) }
                if let maker = makers.maker(change) {
                    add(maker, isRenewed: false, anchor: maker)
                }
            }
        }
        for stale in kept { add(stale.name, isRenewed: true, anchor: stale.owner.first ?? stale.name) }
    }

    /// No name changes its value.
    var isEmpty: Bool { words.isEmpty && methods.isEmpty }

    /// Only plain names: what is no identifier has no word.
    private mutating func add(_ name: String, isRenewed: Bool, anchor: String) {
        guard Self.isIdentifier(name) else { return }
        let word = SourceWords.hash(name.utf8)
        words.insert(word)
        anchors[word, default: []].insert(SourceWords.hash(anchor.utf8))
        if isRenewed { renewed.insert(word) }
    }

    /// The class, or the object, at the front of what it is called; nil if it is called by one name.
    private static func outermost(_ change: PlannedChange) -> String? {
        let parts = change.qualname.prefix { $0 != "," }.split(separator: ".")
        return parts.count > 1 ? parts.first.map(String.init) : nil
    }

    private mutating func addMethod(_ change: PlannedChange) {
        guard Self.isIdentifier(change.name) else { return }
        let owner = change.qualname.split(separator: ".").dropLast().last ?? ""
        methods[SourceWords.hash(change.name.utf8), default: []].insert(SourceWords.hash(owner.utf8))
    }

    private static func isIdentifier(_ name: String) -> Bool {
        !name.isEmpty && !name.contains { "<>.[( ".contains($0) }
    }

    /// A method's bare name is not looked for in statements: many classes may have one.
    private mutating func remove(_ name: String) {
        let word = SourceWords.hash(name.utf8)
        words.remove(word)
        renewed.remove(word)
        anchors[word] = nil
    }

    /// The last parts of what a change is called; one statement may bind several names.
    private static func names(_ change: PlannedChange) -> [String] {
        let shown = change.qualname.split(separator: ",").map { part in
            String(part.drop { $0 == " " }.split(separator: ".").last ?? "")
        }
        return change.name.isEmpty ? shown : shown + [change.name]
    }

    /// The statements of `files` that name what changes, or what such statements bind.
    mutating func find(in files: [File]) -> [Around] {
        guard !isEmpty else { return [] }
        let visibility = Visibility(files)
        changed = words
        addCallers(visibility)
        var statements = [[Int]](repeating: [], count: files.count)
        for _ in 0..<Self.rounds {
            let before = (words.count, renewed.count)
            let read = renewed.isEmpty ? [] : renewed.union(Self.namespaces)
            let run = words.subtracting(renewed).union(methods.keys)
            for (index, file) in files.enumerated() {
                for place in values(of: file, naming: read, or: run, visibility)
                where !file.touched.contains(place) && !statements[index].contains(place) {
                    statements[index].append(place)
                    addNames(of: place, file, isRenewed: true)
                }
                statements[index] += follow(file, except: statements[index])
                addInnerNames(of: file)
            }
            if (words.count, renewed.count) == before { break }
        }
        let run = words.union(methods.keys)
        return zip(files, statements).compactMap { file, places in
            let places = places + acts(of: file, except: places, visibility)
            let headers = headers(of: file, or: run, visibility)
            guard !places.isEmpty || !headers.isEmpty || !file.stale.isEmpty else { return nil }
            var around = Around(path: file.path, modules: file.modules)
            around.stale = file.stale
            around.statements = places.map { Self.statement($0, of: file.outline) }
            around.statements += headers.map { Self.header($0, of: file.outline) }
            return around
        }
    }

    /// What names one of `read`, and what names one of `run` and calls something; what only gives that another name adds
    /// the name.
    private mutating func values(
        of file: File, naming read: Set<SourceWords.Hash>, or run: Set<SourceWords.Hash>,
        _ visibility: Visibility
    ) -> [Int] {
        let values = file.words.values
        var calling: [Int] = []
        let named = values.statements(naming: run) { isMeant($0, $1, file, visibility) }
        let reading = values.statements(naming: properties)
        for index in named + withClass(of: file) {
            if file.outline.mayCall(file.outline.statements[index]) || reading.contains(index) {
                calling.append(index)
            } else if !file.touched.contains(index) {
                addNames(of: index, file, isRenewed: false)
            }
        }
        return values.statements(naming: read) { isMeant($0, $1, file, visibility) } + calling
    }

    /// What names a changed method and one of its classes.
    private func withClass(of file: File) -> [Int] {
        methods.flatMap { method, classes in
            let found = file.words.values.statements(naming: [method])
            return found.isEmpty ? [] : found.filter(file.words.values.statements(naming: classes).contains)
        }
    }

    /// As `values`, of definitions: what names something that may lead to something else, or what names one of `run`
    /// where that may be called. A changed method is looked for everywhere.
    private func headers(of file: File, or run: Set<SourceWords.Hash>, _ visibility: Visibility) -> [Int] {
        let read = file.words.headers.statements(naming: renewed) {
            isMeant($0, $1, file, visibility)
        }
        let called = file.words.calling.statements(naming: run) {
            methods[$0] != nil || isMeant($0, $1, file, visibility)
        }
        return Set(read + called).sorted()
    }

    /// Whether the word may have, in this file, the meaning that it was added for.
    private func isMeant(
        _ word: SourceWords.Hash, _ use: WordTable.Use, _ file: File, _ visibility: Visibility
    ) -> Bool {
        if let names = anchors[word],
            use != .plain || names.contains(where: { visibility.isPlain($0, in: file) })
        {
            return true
        }
        let classes = methods[word] ?? []
        return classes.contains { visibility.hasClass($0, file) } || classes.isEmpty && anchors[word] == nil
    }

    /// What a statement binds.
    private mutating func addNames(of index: Int, _ file: File, isRenewed: Bool) {
        let statement = file.outline.statements[index]
        let owner = statement.scope.map { file.outline.definitions[$0].qualname.prefix { $0 != "." } }
        for name in statement.names {
            add(name, isRenewed: isRenewed, anchor: owner.map(String.init) ?? name)
        }
    }

    /// What assignment expressions bind in headers, conditions and values that name what may lead to something else.
    private mutating func addInnerNames(of file: File) {
        let outline = file.outline
        let headers = file.words.headers.statements(naming: renewed).flatMap { index in
            let definition = outline.definitions[index]
            return definition.decoratorSpans + [definition.signatureSpan]
        }
        let words = file.words
        let places = words.acts.statements(naming: renewed) + words.values.statements(naming: renewed)
        for span in headers + places.map({ outline.statements[$0].span }) {
            for name in InnerNames.walruses(in: outline.bytes[span]) {
                add(name, isRenewed: true, anchor: name)
            }
        }
    }

    /// What was done at import with a name that may lead to something else now, or by a function that reads one; and
    /// what has called a function that changes, where it is known to have run.
    private func acts(of file: File, except taken: [Int], _ visibility: Visibility) -> [Int] {
        let naming = renewed.isEmpty ? changed : words.union(Self.namespaces)
        let found = file.words.acts.statements(naming: naming) {
            isMeant($0, $1, file, visibility)
        }
        .filter { !file.touched.contains($0) && !taken.contains($0) }
        guard renewed.isEmpty else { return found }
        return found.filter { index in
            hasRun(file.outline.statements[index], of: file)
                && Words(head(of: index, in: file.outline)).contains {
                    changed.contains(SourceWords.hash($0))
                }
        }
    }

    /// The statement, or what stands before the first statement in the blocks of a compound one.
    private func head(of index: Int, in outline: Outline) -> ArraySlice<UInt8> {
        let span = outline.statements[index].span
        guard index + 1 < outline.statements.count, outline.statements[index + 1].container == index else {
            return outline.bytes[span]
        }
        return outline.bytes[span.lowerBound..<outline.statements[index + 1].span.lowerBound]
    }

    /// Whether nothing around the statement may have kept it from running.
    private func hasRun(_ statement: Statement, of file: File) -> Bool {
        var around = statement.container
        while let index = around {
            let outer = file.outline.statements[index]
            let head = file.outline.bytes[outer.span].prefix(Self.mainGuard.count)
            let isMain = head.elementsEqual(Self.mainGuard) && file.modules.contains("__main__")
            guard isMain || outer.kind == .try || outer.kind == .with else { return false }
            around = outer.container
        }
        return true
    }

    private static let mainGuard = Array("if __name__".utf8)

    /// The imports of names that may lead to something else, a star's too. Other imports only give names another name.
    private mutating func follow(_ file: File, except taken: [Int]) -> [Int] {
        var found: [Int] = []
        for place in file.words.imports.statements(naming: words) where !file.touched.contains(place) {
            let isRenewed = Words(file.outline.bytes[file.outline.statements[place].span])
                .contains { renewed.contains(SourceWords.hash($0)) }
            addNames(of: place, file, isRenewed: isRenewed)
            if isRenewed, !taken.contains(place) { found.append(place) }
        }
        guard !renewed.isEmpty else { return found }
        for place in file.words.stars
        where !file.touched.contains(place) && !taken.contains(place) && !found.contains(place) {
            found.append(place)
        }
        return found
    }

    /// Functions that call what changes, by way of others too, and classes that need it to make an instance, where a
    /// statement may call them; of a name that may lead to something else also functions that no statement names.
    private mutating func addCallers(_ visibility: Visibility) {
        var leading = WordFilter()
        for file in visibility.files { leading.formUnion(file.words.leading) }
        let chain = CallChain(
            visibility: visibility, members: words.filter { anchors[$0]?.contains($0) == false })
        var found = chain.names(running: words, methods: methods).filter(leading.contains)
        if !renewed.isEmpty { found.formUnion(chain.names(running: renewed)) }
        for word in found { anchors[word, default: []].insert(word) }
        words.formUnion(found)
    }

    /// The statement's text, with the class whose body it stands in.
    private static func statement(_ index: Int, of outline: Outline) -> Around.Statement {
        let statement = outline.statements[index]
        let owner = statement.scope.map { outline.definitions[$0].qualname } ?? ""
        return Around.Statement(
            line: statement.line, owner: owner.split(separator: ".").map(String.init),
            text: Array(outline.bytes[statement.span]))
    }

    /// A definition without its body.
    private static func header(_ index: Int, of outline: Outline) -> Around.Statement {
        let definition = outline.definitions[index]
        let owner = definition.qualname.split(separator: ".").dropLast().map(String.init)
        var text: [UInt8] = []
        for span in definition.decoratorSpans { text += outline.bytes[span] + Array("\n".utf8) }
        text += outline.bytes[definition.signatureSpan] + Array(" pass\n".utf8)
        return Around.Statement(line: definition.firstLine, owner: owner, text: text)
    }
}

extension PlannedChange {
    /// The live function goes on under its name, whatever it does now.
    fileprivate var keepsName: Bool {
        operation == .function && !isRepeated && !isShadowed && !aspects.contains("decorators")
    }
}

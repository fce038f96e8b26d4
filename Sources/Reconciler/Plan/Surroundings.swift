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
        /// Indexes of statements that are the burst's own.
        var touched: Set<Int> = []
        /// Names of this file that the burst keeps without asking.
        var stale: [Around.Stale] = []
    }

    /// What gives all names of a module or a class body.
    private static let namespaces = Set(
        ["globals", "locals", "vars", "dir", "__dict__", "getmembers"].map { SourceWords.hash($0.utf8) })

    /// How many steps from value to value, and from function to function, are followed.
    private static let rounds = 3

    /// What may have been used.
    private var words: Set<SourceWords.Hash> = []
    /// Of these, names that may lead to something else: only they mean anything to an import.
    private var renewed: Set<SourceWords.Hash> = []
    /// Bare names of methods: only headers are searched for them, because many classes may have one.
    private var methods: Set<SourceWords.Hash> = []

    /// `changes`: what the burst plans; `kept`: names of what it keeps without asking.
    init(_ changes: [PlannedChange], outlines: [Outline], kept: [Around.Stale]) {
        let makers = Makers(changes.contains { $0.qualname.contains(".") } ? outlines : [])
        for change in changes {
            let names = Self.names(change)
            if change.keepsName {
                names.forEach { add($0, isRenewed: false) }
            } else {
                names.forEach { add($0, isRenewed: true) }
            }
            if let owner = makers.owner(change) { add(owner, isRenewed: false) }
            if change.operation == .function, change.qualname.contains(".") {
                remove(change.name)
                if Self.isIdentifier(change.name) { methods.insert(SourceWords.hash(change.name.utf8)) }
                if let maker = makers.maker(change) { add(maker, isRenewed: false) }
            }
        }
        for stale in kept { add(stale.name, isRenewed: true) }
    }

    /// No name changes its value.
    var isEmpty: Bool { words.isEmpty && methods.isEmpty }

    /// Only plain names: what is no identifier has no word.
    private mutating func add(_ name: String, isRenewed: Bool) {
        guard Self.isIdentifier(name) else { return }
        let word = SourceWords.hash(name.utf8)
        words.insert(word)
        if isRenewed { renewed.insert(word) }
    }

    private static func isIdentifier(_ name: String) -> Bool {
        !name.isEmpty && !name.contains { "<>.[( ".contains($0) }
    }

    /// A method's bare name is not looked for in statements: many classes may have one.
    private mutating func remove(_ name: String) {
        let word = SourceWords.hash(name.utf8)
        words.remove(word)
        renewed.remove(word)
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
        if !words.isEmpty { addCallers(files) }
        var statements = [[Int]](repeating: [], count: files.count)
        for _ in 0..<(words.isEmpty ? 0 : Self.rounds) {
            let before = (words.count, renewed.count)
            let naming = renewed.isEmpty ? words : words.union(Self.namespaces)
            for (index, file) in files.enumerated() {
                for place in file.words.values.statements(naming: naming)
                where !file.touched.contains(place) && !statements[index].contains(place) {
                    statements[index].append(place)
                    file.outline.statements[place].names.forEach { add($0, isRenewed: true) }
                }
                statements[index] += follow(file, except: statements[index])
                addInnerNames(of: file)
            }
            if (words.count, renewed.count) == before { break }
        }
        let named = words.union(methods)
        return zip(files, statements).compactMap { file, places in
            let places = places + acts(of: file, except: places)
            let headers = file.words.headers.statements(naming: named)
            guard !places.isEmpty || !headers.isEmpty || !file.stale.isEmpty else { return nil }
            var around = Around(path: file.path, modules: file.modules)
            around.stale = file.stale
            around.statements = places.map { Self.statement($0, of: file.outline) }
            around.statements += headers.map { Self.header($0, of: file.outline) }
            return around
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
            for name in Self.innerNames(outline.bytes[span]) { add(name, isRenewed: true) }
        }
    }

    /// Words before `:=`.
    private static func innerNames(_ text: ArraySlice<UInt8>) -> [String] {
        var found: [String] = []
        var last: ArraySlice<UInt8> = []
        for word in Words(text) {
            if !last.isEmpty, isWalrus(text[last.endIndex..<word.startIndex]) {
                found.append(String(decoding: last, as: UTF8.self))
            }
            last = word
        }
        return found
    }

    private static func isWalrus(_ between: ArraySlice<UInt8>) -> Bool {
        let marks = between.drop { " \t\r\n\\".utf8.contains($0) }
        return marks.starts(with: ":=".utf8)
    }

    /// What was done at import with a name that may lead to something else now, or by a function that reads one.
    private func acts(of file: File, except taken: [Int]) -> [Int] {
        guard !renewed.isEmpty else { return [] }
        return file.words.acts.statements(naming: words)
            .filter { !file.touched.contains($0) && !taken.contains($0) }
    }

    /// The imports of names that may lead to something else, a star's too. Other imports only give names another name.
    private mutating func follow(_ file: File, except taken: [Int]) -> [Int] {
        var found: [Int] = []
        for place in file.words.imports.statements(naming: words) where !file.touched.contains(place) {
            let isRenewed = Words(file.outline.bytes[file.outline.statements[place].span])
                .contains { renewed.contains(SourceWords.hash($0)) }
            file.outline.statements[place].names.forEach { add($0, isRenewed: isRenewed) }
            if isRenewed, !taken.contains(place) { found.append(place) }
        }
        guard !renewed.isEmpty else { return found }
        for place in file.words.stars
        where !file.touched.contains(place) && !taken.contains(place) && !found.contains(place) {
            found.append(place)
        }
        return found
    }

    /// Functions that call what changes, and classes that need it to make an instance, where a statement may call them;
    /// of a name that may lead to something else also functions by way of others, and decorators, that read it.
    private mutating func addCallers(_ files: [File]) {
        var leading = WordFilter()
        for file in files { leading.formUnion(file.words.leading) }
        words.formUnion(callers(of: words, in: files) { leading.contains($0) })
        var readers: Set<SourceWords.Hash> = renewed
        for _ in 0..<(renewed.isEmpty ? 0 : Self.rounds) {
            let more = callers(of: readers, in: files) { _ in true }
            if more.isEmpty { break }
            readers.formUnion(more)
        }
        words.formUnion(readers)
    }

    /// Names of functions and classes, which `isWanted` says yes for, whose code names one of `words`.
    private func callers(
        of words: Set<SourceWords.Hash>, in files: [File], where isWanted: (SourceWords.Hash) -> Bool
    ) -> Set<SourceWords.Hash> {
        var found: Set<SourceWords.Hash> = []
        for file in files {
            for (name, definition) in file.words.callables
            where isWanted(name) && !words.contains(name) && !found.contains(name)
                && Self.names(words, in: file.outline.bytes[file.outline.definitions[definition].bodySpan])
            {
                found.insert(name)
            }
        }
        return found
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

    /// Whether one of the words stands in the text, in whatever meaning.
    private static func names(_ words: Set<SourceWords.Hash>, in text: ArraySlice<UInt8>) -> Bool {
        Words(text).contains { words.contains(SourceWords.hash($0)) }
    }
}

extension PlannedChange {
    /// The live function goes on under its name, whatever it does now.
    fileprivate var keepsName: Bool {
        operation == .function && !isRepeated && !isShadowed && !aspects.contains("decorators")
    }
}

/// A function as its user names it: `MODULE [CLASS] METHOD`, one dotted word, or `FILE:LINE`. METHOD may hold `*` and `?`.
package struct FunctionName: Sendable, Hashable {
    /// Nil where one word was given: the longest loaded module that it begins with counts.
    package var module: String?
    /// Nil for a function of the module.
    package var className: String?
    /// A name or a pattern.
    package var method: String
    /// A function that is defined in the one above; nil for that one itself.
    package var nested: String?
    /// A line of a file instead of all names; that of a `def` means its function, another one a statement.
    package var place: Place?

    /// A file as it is named, and a line of it.
    package struct Place: Sendable, Hashable {
        /// A path, or the end of one.
        package var file: String
        /// 1-based.
        package var line: Int

        /// Makes a place that need not be there.
        package init(file: String, line: Int) {
            self.file = file
            self.line = line
        }

        /// nil where the word does not end with a colon and a number.
        init?(_ word: String) {
            guard let colon = word.lastIndex(of: ":"), colon > word.startIndex,
                let line = Int(word[word.index(after: colon)...]), line > 0
            else { return nil }
            self.init(file: String(word[..<colon]), line: line)
        }

        /// Whether this is that file: whole names of folders count.
        package func means(_ path: String) -> Bool {
            let wanted = file.hasPrefix("./") ? file.dropFirst(2) : file[...]
            return path == wanted || path.hasSuffix("/" + wanted)
        }
    }

    /// Makes a name from the words of a command line.
    package init(module: String?, className: String?, method: String) {
        self.module = module
        self.className = className
        self.method = method
    }

    /// One, two or three words; nil for any other number.
    package init?(words: [String]) {
        switch words.count {
        case 1:
            self.init(module: nil, className: nil, method: words[0])
            place = Place(words[0])
        case 2: self.init(module: words[0], className: nil, method: words[1])
        case 3: self.init(module: words[0], className: words[1], method: words[2])
        default: return nil
        }
    }

    /// Module and pattern of the qualified name among these modules; nil if none of them is meant.
    package func resolved(among modules: [String]) -> (module: String, pattern: String)? {
        if let module {
            guard modules.contains(module) else { return nil }
            return (module, className.map { "\($0).\(method)" } ?? method)
        }
        let found = modules.filter { method.hasPrefix($0 + ".") }.max { $0.utf8.count < $1.utf8.count }
        return found.map { ($0, String(method.dropFirst($0.count + 1))) }
    }

    /// Whether `name` fits a pattern with `*` (any text without a dot) and `?` (one character).
    package static func fits(_ name: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        let rest = pattern.dropFirst()
        if first == "*" {
            return fits(name, rest)
                || (name.first.map { $0 != "." } ?? false) && fits(name.dropFirst(), pattern)
        }
        guard let character = name.first, first == "?" ? character != "." : first == character else {
            return false
        }
        return fits(name.dropFirst(), rest)
    }
}

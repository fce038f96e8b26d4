/// `${NAME}`, `${NAME:-default}`, `${NAME:?message}` and `$$` in a value; another `$` stands for itself.
///
/// What is put in is text: it cannot add keys or lists.
struct Expansion {
    /// Why a text with `${…}` has no value.
    enum Failure: Error, Hashable {
        case unset(name: String, message: String?)
        case malformed(String)
    }

    /// In a default, references are expanded again.
    static func expand(_ text: String, _ environment: (String) -> String?) throws(Failure) -> String {
        try expand(text[...], environment, depth: 0)
    }

    private static func expand(
        _ text: Substring, _ environment: (String) -> String?, depth: Int
    ) throws(Failure) -> String {
        guard depth < 16 else { throw .malformed("defaults are nested too deeply") }
        var result = ""
        var rest = text
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                result += "$"
                rest = rest.dropFirst()
            } else if rest.first == "{" {
                guard let end = closingBrace(in: rest) else {
                    throw .malformed("'${' is never closed by '}'")
                }
                let inside = rest[rest.index(after: rest.startIndex)..<end]
                result += try value(of: inside, environment, depth: depth)
                rest = rest[rest.index(after: end)...]
            } else {
                result += "$"
            }
        }
        return result + rest
    }

    private static func value(
        of reference: Substring, _ environment: (String) -> String?, depth: Int
    ) throws(Failure) -> String {
        let name = reference.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let form = reference.dropFirst(name.count)
        guard !name.isEmpty, !(name.first?.isNumber ?? true) else {
            throw .malformed(
                "'${\(reference)}' names no variable: use ${NAME}, ${NAME:-default} or ${NAME:?message}")
        }
        let value = environment(String(name))
        if form.isEmpty {
            guard let value else { throw .unset(name: String(name), message: nil) }
            return value
        }
        let isSet = value.map { !$0.isEmpty } ?? false
        if form.hasPrefix(":-") {
            return isSet ? value ?? "" : try expand(form.dropFirst(2), environment, depth: depth + 1)
        }
        if form.hasPrefix(":?") {
            guard isSet, let value else {
                throw .unset(name: String(name), message: String(form.dropFirst(2)))
            }
            return value
        }
        throw .malformed(
            "'${\(reference)}' is not understood: use ${NAME}, ${NAME:-default} or ${NAME:?message}")
    }

    /// Of the brace that `text` begins with.
    private static func closingBrace(in text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "{": depth += 1
            case "}":
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }
}

import Yams

/// The nodes of a YAML text, with every key that a mapping has twice.
///
/// Yams refuses a mapping with a repeated key and says where the first one stands. Here the repetition is replaced by
/// letters of Unicode's private use area, as many as it has, so that all positions stay: it can be told with the others.
struct YAMLText {
    /// Nil if the text is no YAML.
    private(set) var root: Node?
    private(set) var problems: [ConfigurationProblem] = []
    /// Keys that stand in for repeated ones, and what was written.
    private(set) var twice: [String: String] = [:]

    private static let mostRepetitions = 32

    init(_ text: String) {
        var text = text
        for _ in 0..<Self.mostRepetitions {
            do {
                root = try compose(yaml: text)
                if root == nil { add(1, 1, "the file is empty: it needs version and services") }
                return
            } catch let YamlError.duplicatedKeysInMapping(duplicates, context) {
                guard let key = duplicates.first,
                    let without = replaceRepetition(of: key, in: text, after: context.mark)
                else {
                    add(
                        context.mark.line, context.mark.column,
                        "the key '\(duplicates.first ?? "")' is there twice")
                    return
                }
                text = without
            } catch let error as YamlError {
                describe(error)
                return
            } catch {
                add(1, 1, "this is no YAML")
                return
            }
        }
        add(1, 1, "too many keys are there twice")
    }

    private mutating func add(_ line: Int, _ column: Int, _ message: String) {
        problems.append(ConfigurationProblem(line: max(1, line), column: max(1, column), message: message))
    }

    /// The text with the next occurrence of `key` after the first one replaced, if that is a repetition.
    private mutating func replaceRepetition(of key: String, in text: String, after mark: Mark) -> String? {
        guard !key.isEmpty, let start = Self.index(of: mark, in: text) else { return nil }
        guard let letter = Unicode.Scalar(0xe000 + twice.count) else { return nil }
        let stand = String(repeating: Character(letter), count: key.unicodeScalars.count)
        var from = text.index(start, offsetBy: key.count, limitedBy: text.endIndex) ?? text.endIndex
        for _ in 0..<256 {
            guard let found = text[from...].firstRange(of: key) else { return nil }
            from = found.upperBound
            let after = text[found.upperBound...].drop { $0 == "\"" || $0 == "'" || $0 == " " || $0 == "\t" }
            guard after.first == ":" else { continue }
            let candidate = text.replacingCharacters(in: found, with: stand)
            guard !Self.isRepeated(key, at: mark, in: candidate) else { continue }
            twice[stand] = key
            return candidate
        }
        return nil
    }

    /// Whether the same mapping still has the key twice.
    private static func isRepeated(_ key: String, at mark: Mark, in text: String) -> Bool {
        do {
            _ = try compose(yaml: text)
        } catch let YamlError.duplicatedKeysInMapping(duplicates, context) {
            return duplicates.first == key && context.mark.line == mark.line
                && context.mark.column == mark.column
        } catch {
            return true
        }
        return false
    }

    private static func index(of mark: Mark, in text: String) -> String.Index? {
        var line = 1
        var index = text.startIndex
        while line < mark.line {
            guard let end = text[index...].firstIndex(where: \.isNewline) else { return nil }
            index = text.index(after: end)
            line += 1
        }
        return text.unicodeScalars.index(index, offsetBy: mark.column - 1, limitedBy: text.endIndex)
    }

    private mutating func describe(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            add(mark.line, mark.column, "YAML: \(problem)")
        case .reader(let problem, let offset, _, let yaml):
            let before = yaml.utf8.prefix(offset ?? 0)
            let line = before.count { $0 == 10 } + 1
            let column =
                before.count
                - (before.lastIndex(of: 10).map { before.distance(from: before.startIndex, to: $0) + 1 } ?? 0)
            add(line, column + 1, "YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            add(context.mark.line, context.mark.column, "the key '\(keys.first ?? "")' is there twice")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            add(1, 1, "YAML: \(error)")
        @unknown default: add(1, 1, "YAML: \(error)")
        }
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + self[range.upperBound...]
    }
}

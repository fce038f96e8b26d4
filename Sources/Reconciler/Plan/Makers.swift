import Reloader
import SourceDiff

/// What of a burst's files makes instances: looked for once, however many methods change.
struct Makers {
    /// Methods that make instances, by their qualified names: the outline, and the place in it.
    private var methods: [String: [(outline: Outline, index: Int)]] = [:]
    /// Qualified names of classes that are decorated.
    private var decorated: Set<String> = []
    /// Qualified names of methods that run when an attribute is read.
    private var properties: Set<String> = []

    private static let names = [
        "__init__", "__new__", "__post_init__", "__attrs_pre_init__", "__attrs_post_init__",
        "model_post_init",
    ]

    /// `outlines`: of the files that change.
    init(_ outlines: [Outline]) {
        for outline in outlines {
            for definition in outline.definitions {
                if definition.kind == .class {
                    if !definition.decoratorSpans.isEmpty { decorated.insert(definition.qualname) }
                } else if definition.parent != nil, Self.names.contains(definition.name) {
                    methods[definition.qualname, default: []].append((outline, definition.index))
                } else if definition.parent != nil, Self.isProperty(definition, in: outline) {
                    properties.insert(definition.qualname)
                }
            }
        }
    }

    private static func isProperty(_ definition: Definition, in outline: Outline) -> Bool {
        definition.decoratorSpans.contains {
            outline.bytes[$0].suffix(property.count).elementsEqual(property)
        }
    }

    private static let property = Array("property".utf8)

    /// Whether the change is of a method that no parentheses call.
    func isProperty(_ change: PlannedChange) -> Bool { properties.contains(change.qualname) }

    /// The class that gains or loses a method which makes its instances, or whose decorator, as that of a dataclass, may
    /// have made one of a value that changes; nil if there is none.
    func owner(_ change: PlannedChange) -> String? {
        switch change.operation {
        case .define, .delete:
            guard change.scope.isEmpty, Self.names.contains(change.name) else { return nil }
            return change.qualname.split(separator: ".").dropLast().last.map(String.init)
        case .constant:
            return decorated.contains(change.scope)
                ? change.scope.split(separator: ".").last.map(String.init) : nil
        case .assign, .annotation, .function, .classHeader, .import, .block, .doc: return nil
        }
    }

    /// The class whose instances a changed method helps to make; nil if it does not.
    func maker(_ change: PlannedChange) -> String? {
        let parts = change.qualname.split(separator: ".").map(String.init)
        guard parts.count > 1 else { return nil }
        // What has been made may have been called.
        if Self.names.contains(change.name) || change.name == "__call__" { return parts[parts.count - 2] }
        let word = Array(change.name.utf8)
        let isNamed = Self.names.contains { name in
            let found = methods[(parts.dropLast() + [name]).joined(separator: ".")] ?? []
            return found.contains { outline, index in
                Words(outline.bytes[outline.definitions[index].bodySpan]).contains { $0.elementsEqual(word) }
            }
        }
        return isNamed ? parts[parts.count - 2] : nil
    }
}

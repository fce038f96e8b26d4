extension Aspects: CustomStringConvertible {
    /// Every aspect with its name, the ones that say most first.
    private static let named: [(aspect: Aspects, name: String)] = [
        (.added, "added"), (.removed, "removed"), (.kind, "kind"), (.decorators, "decorators"),
        (.bases, "bases"), (.keywords, "keywords"), (.parameters, "parameters"), (.defaults, "defaults"),
        (.annotations, "annotations"), (.typeParameters, "typeParameters"), (.body, "body"),
        (.nested, "nested"), (.doc, "doc"), (.moved, "moved"), (.relined, "relined"),
        (.reflowed, "reflowed"), (.format, "format"), (.rebound, "rebound"),
    ]

    /// The names of the aspects that are set, as they are spelled in this type, the ones that say most first.
    public var names: [String] { Self.named.filter { contains($0.aspect) }.map(\.name) }

    /// The names with commas between them: `parameters, body`; empty where none is set.
    public var description: String { names.joined(separator: ", ") }

    /// The aspect of that name; nil for a name that is none.
    public init?(name: String) {
        guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
        self = found.aspect
    }
}

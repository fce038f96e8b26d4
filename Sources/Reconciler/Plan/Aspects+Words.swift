package import SourceDiff

extension Aspects {
    private static let names: [(Aspects, String)] = [
        (.added, "added"), (.removed, "removed"), (.kind, "kind"), (.decorators, "decorators"),
        (.bases, "bases"),
        (.keywords, "keywords"), (.parameters, "parameters"), (.defaults, "defaults"),
        (.annotations, "annotations"),
        (.typeParameters, "typeParameters"), (.body, "body"), (.nested, "nested"), (.doc, "doc"),
        (.moved, "moved"),
        (.relined, "relined"), (.reflowed, "reflowed"), (.format, "format"),
        (.rebound, "rebound"),
    ]

    /// The words of the schema pydiff/1, most important first.
    package var words: [String] { Self.names.filter { contains($0.0) }.map(\.1) }
}

@testable import SourceDiff

func outline(_ source: String) throws -> Outline { try Outline(scanning: Array(source.utf8)) }

func changes(_ old: String, _ new: String) throws -> ChangeSet {
    ChangeSet(from: try outline(old), to: try outline(new))
}

/// Everything an outline says, as text: two outlines are equal if these are.
func description(_ outline: Outline) -> [String] {
    let definitions = outline.definitions.map { definition in
        [
            definition.qualname, "#\(definition.occurrence)", "\(definition.kind)",
            "parent \(definition.parent ?? -1)",
            "lines \(definition.firstLine) \(definition.defLine) \(definition.bodyLine) \(definition.endLine)",
            "doc \(definition.docstringLines?.description ?? "-")",
            "span \(definition.span) \(definition.signatureSpan)",
            "body \(definition.bodySpan) \(definition.decoratorSpans)", "\(definition.isConditional)",
        ].joined(separator: " ")
    }
    let statements = outline.statements.map { statement in
        [
            "\(statement.kind)", "\(statement.names)", "scope \(statement.scope ?? -1)",
            "in \(statement.container ?? -1)",
            "lines \(statement.line) \(statement.endLine)", "span \(statement.span)",
        ].joined(separator: " ")
    }
    return definitions + statements + [
        "doc \(outline.docstringSpan?.description ?? "-") \(outline.futureFlags.rawValue)"
    ]
}

/// A program with most of what changes a scanner's state; each piece is valid where it stands.
let zoo = #"""
    """Module."""
    from __future__ import annotations
    import os, sys as system
    from a.b import (c, d as e,)

    LIMIT: int = 10
    pairs = x, (y, [z]) = f(1), \
        2
    try:
        import fast
    except ImportError as error:
        fast = None
    else: ok = True

    @decorate(lambda: {"a": [1]})
    @other
    async def fetch(url, *, retries=3, **options) -> "Text":
        'Fetches.'
        async with session(f"{url!r:>{width}} {'quoted'} {{literal}}") as s:
            return await s.get(rf"\d{url}")

    class Cart(Base, metaclass=Meta):
        """A cart."""
        total = 0; count = 1

        @property
        def price(self): return self._price

        @price.setter
        def price(self, value):
            def check(v):
                global last
                def last(): pass
                return v > 0
            if check(value): self._price = value

        if DEBUG:
            def debug(self): print(f"{self=}")

    match command:
        case [first, *_]: result = first
        case _:
            def fallback(): return '''multi
    line def not_me(): pass
    '''
    for i in range(3):
        with open(i) as handle: pass
    def last_one(a, b=(1,
            2)): return a; b
    """#

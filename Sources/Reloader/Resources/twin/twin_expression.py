"""Expressions of `getglobal`, `vmtool` and `calls`: checked, and rewritten so that no code of the program runs.

Every operation becomes a call of a guard (observe_guards.py) that gets the operation's own source for its message.
"""

SAFE_FUNCTIONS = (
    "len", "abs", "min", "max", "sum", "sorted", "any", "all", "type", "isinstance", "str", "int", "float", "bool",
    "repr", "round", "list",
)  # fmt: skip
OPERATOR_METHODS = {
    "Add": "__add__", "Sub": "__sub__", "Mult": "__mul__", "Div": "__truediv__", "FloorDiv": "__floordiv__",
    "Mod": "__mod__", "Pow": "__pow__", "LShift": "__lshift__", "RShift": "__rshift__", "BitAnd": "__and__",
    "BitOr": "__or__", "BitXor": "__xor__",
}  # fmt: skip
COMPARISON_SIGNS = {
    "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": "is", "IsNot": "is not",
    "In": "in", "NotIn": "not in",
}  # fmt: skip
LONGEST_EXPRESSION = 4000


class NotReadOnly(Exception):
    """The message names the part of an expression that cannot be evaluated without the program."""


def expression_code(text: str, names: list, allow_calls: bool) -> CodeType:
    """The code of an expression of these names. SyntaxError, NameError and NotReadOnly have a message for users."""
    if len(text) > LONGEST_EXPRESSION:
        raise SyntaxError("the expression has more than %d characters" % LONGEST_EXPRESSION)
    tree = ast.parse(text.strip(), "<expression>", "eval")
    if not allow_calls:
        tree = ast.Expression(Guarding(text.strip(), names).visit(tree.body))
        ast.fix_missing_locations(tree)
    return compile(tree, "<expression>", "eval", dont_inherit=True, optimize=0)


class NotEvaluable(Exception):
    """Reason id, message, the expression."""


NAMES_OF_CALLS = ("target", "args", "kwargs", "return_obj", "cost", "exc")
NAMES_OF_THE_END = ("return_obj", "cost", "exc")


def checked_code(text: str, names: object, allow_calls: bool) -> CodeType:
    try:
        return expression_code(text, list(names), allow_calls)
    except NotReadOnly as error:
        raise NotEvaluable("expression-refused", str(error), text) from None
    except (SyntaxError, NameError, ValueError, RecursionError) as error:
        raise NotEvaluable("expression-failed", "%s: %s" % (type(error).__name__, error.args[0]), text) from None


def uses_the_end(text: str) -> bool:
    """Whether a filter names what is known only when the call has ended."""
    nodes = ast.walk(ast.parse(text.strip(), "<expression>", "eval"))
    return any([isinstance(node, ast.Name) and node.id in NAMES_OF_THE_END for node in nodes])


class Guarding:
    """Rewrites an expression tree; ast.NodeTransformer is not imported for it."""

    def __init__(self, text: str, names: list) -> None:
        self.text = text
        self.names = set(names)

    def place(self, node: object) -> object:
        return ast.Constant(ast.get_source_segment(self.text, node) or self.text)

    def guard(self, name: str, *values: object) -> object:
        return ast.Call(ast.Name("_" + name, ast.Load()), list(values), [])

    def visit(self, node: object) -> object:
        return getattr(self, "visit_" + type(node).__name__, self.generic_visit)(node)

    def generic_visit(self, node: object) -> object:
        allowed = ("Constant", "List", "Tuple", "Load", "Store", "Index")
        if type(node).__name__ not in allowed:
            segment = ast.get_source_segment(self.text, node) if hasattr(node, "lineno") else self.text
            raise NotReadOnly("%s is not read-only; add --allow-calls" % (segment or self.text))
        for name in node._fields:
            value = getattr(node, name, None)
            if type(value) is list:
                setattr(node, name, [self.visit(item) for item in value])
            elif isinstance(value, _ast.AST):
                setattr(node, name, self.visit(value))
        return node

    def visit_Name(self, node: object) -> object:
        if type(node.ctx) is ast.Store:
            return node
        if node.id not in self.names:
            known = ", ".join(sorted(name for name in self.names if not name.startswith("_")))
            raise NameError("no name %s here; there are %s" % (node.id, known))
        return node

    def visit_Attribute(self, node: object) -> object:
        return self.guard("attribute", self.visit(node.value), ast.Constant(node.attr), self.place(node))

    def visit_Subscript(self, node: object) -> object:
        key = node.slice.value if type(node.slice).__name__ == "Index" else node.slice
        if type(key) is ast.Slice:
            parts = (key.lower, key.upper, key.step)
            bounds = [ast.Constant(None) if part is None else self.visit(part) for part in parts]
            wanted = ast.Call(ast.Name("_slice", ast.Load()), bounds, [])
        else:
            wanted = self.visit(key)
        return self.guard("item", self.visit(node.value), wanted, self.place(node))

    def visit_BinOp(self, node: object) -> object:
        name = OPERATOR_METHODS.get(type(node.op).__name__)
        if name is None:
            return self.generic_visit(node)
        values = (self.visit(node.left), self.visit(node.right))
        return self.guard("operate", ast.Constant(name), self.place(node), *values)

    def visit_UnaryOp(self, node: object) -> object:
        value = self.visit(node.operand)
        if type(node.op) is ast.Not:
            return ast.UnaryOp(ast.Not(), self.guard("truth", value, self.place(node)))
        if type(node.op) is ast.USub:
            return self.guard("operate", ast.Constant("__sub__"), self.place(node), ast.Constant(0), value)
        return self.generic_visit(node)

    def visit_Compare(self, node: object) -> object:
        """`a < b < c` compares b twice here: it is evaluated twice, and has no effect."""
        sides = [node.left, *node.comparators]
        parts = []
        for index, operator in enumerate(node.ops):
            pair = [self.visit(copy_of(side)) for side in sides[index : index + 2]]
            name = ast.Constant(COMPARISON_SIGNS[type(operator).__name__])
            parts.append(self.guard("compare", name, self.place(node), *pair))
        return parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), parts)

    def visit_BoolOp(self, node: object) -> object:
        """The operands' truth is asked by a guard; the value is that of the operand that decides."""
        *first, last = node.values
        result = self.visit(last)
        for value in reversed(first):
            test = self.guard("truth", self.visit(copy_of(value)), self.place(value))
            if type(node.op) is ast.And:
                result = ast.IfExp(test, result, self.visit(value))
            else:
                result = ast.IfExp(test, self.visit(value), result)
        return result

    def visit_IfExp(self, node: object) -> object:
        test = self.guard("truth", self.visit(node.test), self.place(node.test))
        return ast.IfExp(test, self.visit(node.body), self.visit(node.orelse))

    def visit_comprehension(self, node: object) -> object:
        if node.is_async:
            raise NotReadOnly("an asynchronous comprehension is not possible here")
        source = self.guard("elements", self.visit(node.iter), self.place(node.iter))
        self.names.update([n.id for n in ast.walk(node.target) if type(n) is ast.Name])
        tests = [self.guard("truth", self.visit(test), self.place(test)) for test in node.ifs]
        return ast.comprehension(node.target, source, tests, 0)

    def comprehended(self, node: object) -> object:
        """The sources first: they bind the names that the elements use. A generator is made a list."""
        known = set(self.names)
        if type(node).__name__ in ("SetComp", "DictComp"):
            raise NotReadOnly("use a list here: making a set or dict asks the elements for their hash")
        sources = [self.visit(source) for source in node.generators]
        element = self.visit(node.elt)
        self.names = known
        return ast.ListComp(element, sources)

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = comprehended

    def visit_Call(self, node: object) -> object:
        if node.keywords or any([type(value) is ast.Starred for value in node.args]):
            raise NotReadOnly(ast.get_source_segment(self.text, node) + " calls code of the program; add --allow-calls")
        function = node.func
        values = [self.visit(value) for value in node.args]
        if type(function) is ast.Name and function.id in SAFE_FUNCTIONS and function.id not in self.names:
            return self.guard("call", ast.Constant(function.id), self.place(node), *values)
        if type(function) is ast.Attribute:
            value = self.visit(function.value)
            return self.guard("method", value, ast.Constant(function.attr), self.place(node), *values)
        raise NotReadOnly(ast.get_source_segment(self.text, node) + " calls code of the program; add --allow-calls")


def copy_of(node: object) -> object:
    """A tree of its own: an operand that stands in two places is rewritten in each."""
    if type(node) is list:
        return [copy_of(item) for item in node]
    if not isinstance(node, _ast.AST):
        return node
    made = type(node)(**{name: copy_of(getattr(node, name)) for name in node._fields if hasattr(node, name)})
    for name in node._attributes:
        if hasattr(node, name):
            setattr(made, name, getattr(node, name))
    return made

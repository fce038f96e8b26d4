"""What the twin compiles for looking into a process."""


def answer_program(twin: object, request: tuple) -> tuple:
    """request: program, source. A further program for the agent, compiled."""
    flags = __future__.annotations.compiler_flag
    code = compile(request[1], "<midflight>", "exec", flags, dont_inherit=True, optimize=2)
    return ("program", marshal.dumps(code))


def answer_expression(twin: object, request: tuple) -> tuple:
    """request: expression, {text, names, allow_calls}. Its code, or why it cannot be evaluated."""
    facts = request[1]
    try:
        return ("expression", marshal.dumps(checked_code(facts["text"], facts["names"], facts["allow_calls"])))
    except NotEvaluable as error:
        return ("refused", *error.args)


def answer_probe(twin: object, request: tuple) -> tuple:
    """request: probe, [{path, paths, modules, source, functions}], facts. The agent's facts of a new probe, the
    functions that cannot be watched, and the names of the others.

    Facts have the texts of filter and expressions, which may name the parameters of the functions; here they are
    compiled. Answers `refused` if one of them cannot be evaluated.
    """
    files, refused = [], []
    used = names_used(request[2])
    for file in request[1]:
        units = []
        try:
            units, others = probe_units(twin.version(file["path"], file["source"]), file["functions"], used)
            refused += others
        except Refused as refusal:
            refused += [[qualname, refusal.facts["message"]] for qualname in file["functions"]]
        files.append({"paths": file["paths"], "modules": file["modules"], "units": units})
    facts = {**request[2], "files": files}
    titles = [module + "." + unit["title"] for file in files for module in file["modules"] for unit in file["units"]]
    if facts["trace"] is not None:
        for file in files:
            refused += [[str(unit["point"]), NO_TRACE] for unit in file["units"] if unit["point"]]
            file["units"] = [unit for unit in file["units"] if not unit["point"]]
        facts["trace"] = {**facts["trace"], "opcodes": suspending_opcodes()}
    names = set(NAMES_OF_CALLS)
    for file in files:
        names = names.union(*[unit["locals"] if unit["point"] else unit["parameters"] for unit in file["units"]])
    try:
        facts["expressions"] = [
            (text, marshal.dumps(checked_code(text, names, facts["allow_calls"]))) for text in facts["expressions"]
        ]
        if facts["filter"] is not None:
            facts["late"] = uses_the_end(facts["filter"])
            facts["filter"] = marshal.dumps(checked_code(facts["filter"], names, facts["allow_calls"]))
    except NotEvaluable as error:
        return ("refused", *error.args)
    return ("probe", marshal.dumps(facts), refused, titles)


NO_TRACE = "a line begins no call that could be traced; name the function, or use calls"


def names_used(facts: dict) -> object:
    """Names in the filter and the expressions; None where all variables are shown."""
    if not facts["expressions"]:
        return None
    used = set()
    for text in [*facts["expressions"], facts["filter"] or "0"]:
        try:
            nodes = list(ast.walk(ast.parse(text.strip(), "<expression>", "eval")))
        except (SyntaxError, ValueError, RecursionError):
            continue  # told when it is compiled
        used.update([node.id for node in nodes if isinstance(node, ast.Name)])
    return used | {"self", "cls"} if "target" in used else used


def suspending_opcodes() -> tuple:
    """Those that return, that yield, that yield what another yields (up to 3.10), and that a frame goes on with (256:
    there is none)."""
    known = opcode.opmap
    return (
        bytes([known[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in known]),
        bytes([known["YIELD_VALUE"]]),
        bytes([known[name] for name in ("YIELD_FROM",) if name in known]),
        known.get("RESUME", 256),
    )


LOOKING = {"program": answer_program, "expression": answer_expression, "probe": answer_probe}

"""torch: what torch.compile, torch.jit and torch.fx have made of a function goes on; the first can be dropped."""


def drop_graphs(patch: Patch) -> None:
    """After the swap. TorchDynamo looks at the code of functions at each call, not at that of a module's methods."""
    if "torch" not in sys.modules:
        return
    try:
        for step in [step for step in patch.steps if step.failure is None and step.swapped]:
            tell_scripted(patch, step)
        methods = [step for step in patch.steps if step.failure is None and step.swapped and is_of_module(step)]
        compiled = module_dict(sys.modules.get("torch._dynamo.convert_frame")).get("input_codes")
        reset = module_dict(sys.modules.get("torch._dynamo")).get("reset")
        if methods and reset is not None and len(getattr(compiled, "seen", ())):
            is_reset, error = in_time(patch, lambda: reset() or True)
            for step in methods if is_reset else ():
                note(patch, step.unit, "recompiles-at-next-call", "what torch.compile has made was dropped", 1)
            for step in () if is_reset else methods:
                told = describe(error) if error is not None else "it is compiling"
                note(patch, step.unit, "wrapped-compiled", "what torch.compile has made may go on: " + told, 1)
    except BaseException as error:
        note(patch, None, "wrapped-compiled", "what torch has compiled could not be looked at: " + describe(error), 1)


def is_of_module(step: Patch) -> bool:
    """A method of a class of torch's modules."""
    cls = owner_of(step.space, step.unit["owner"]) if step.unit["owner"] else None
    return is_class(cls) and is_kind(cls, "torch.nn.modules.module", "Module")


def is_kind(cls: type, module: str, name: str) -> bool:
    return any([(module_of_class(kind), short_name(kind)) == (module, name) for kind in bases_of(cls)])


def tell_scripted(patch: Patch, step: Patch) -> None:
    """Names what torch.jit and torch.fx have made of the functions, where a module has it under a name."""
    for names in namespaces_of_program(step):
        for name, value in list(names.items()):
            if is_made_of(step, value):
                message = name + ", which torch has made of it, goes on as it is"
                note(patch, step.unit, "wrapped-compiled", message, 1)


def namespaces_of_program(step: Patch) -> list:
    found = [module_dict(module) for module in list(sys.modules.values())]
    return [names for names in found if is_program_file(plain(names.get("__file__")))] or [step.space.names]


def is_made_of(step: Patch, value: object) -> bool:
    kind = type(value)
    if short_name(kind) == "ScriptFunction" and module_of_class(kind).startswith("torch"):
        return any([attribute(value, "_torchdynamo_inline") is function for function in step.swapped])
    if is_kind(kind, "torch.fx.graph_module", "GraphModule"):  # its class has the name of what was drawn
        cls = owner_of(step.space, step.unit["owner"]) if step.unit["owner"] else None
        wanted = short_name(cls) if is_class(cls) else step.unit["name"]
        return short_name(kind) == wanted
    if is_kind(kind, "torch.jit._script", "RecursiveScriptModule"):
        return bool(step.unit["owner"]) and value.original_name == step.unit["owner"][-1]
    return False

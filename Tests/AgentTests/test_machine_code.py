"""What libraries have compiled of Python functions; stand-ins that keep results as the real ones keep machine code."""

from __future__ import annotations

import pytest
from lab import Session
from test_bodies import LOOP

MAIN = "import sys\nimport shop\n" + LOOP
NUMBA = """import sys, types
class Dispatcher:
    __module__ = "numba.core.dispatcher"
    _can_compile = True
    def __init__(self, function):
        self.py_func = function
        self.overloads = {}
        self._cache = types.SimpleNamespace(flush=lambda: None)
    def __call__(self, *arguments):
        if arguments not in self.overloads:
            self.overloads[arguments] = self.py_func(*arguments)
        return self.overloads[arguments]
    def _reset_overloads(self):
        self.overloads.clear()
module = types.ModuleType("numba.core.dispatcher")
module.Dispatcher = Dispatcher
sys.modules[module.__name__] = module
RATE = 3
@Dispatcher
def inner(n):
    return n * 2
@Dispatcher
def outer(n):
    return inner(n) + RATE
@Dispatcher
def other(n):
    return n
"""
JAX = """import sys, types
jax = types.ModuleType("jax")
traced = {}
def scan(function, n):
    if function not in traced:
        traced[function] = function(n)
    return traced[function]
jax.scan = scan
jax.clear_caches = traced.clear
sys.modules["jax"] = jax
def step(n):
    return n + 1
"""
TORCH = """import sys, types
torch, dynamo, frame = [types.ModuleType(name) for name in ("torch", "torch._dynamo", "torch._dynamo.convert_frame")]
compiled = {}
class Module:
    __module__ = "torch.nn.modules.module"
class Part(Module):
    def forward(self, n):
        return n + 1
def plain():
    return 1
class ScriptFunction:
    __module__ = "torch.jit"
    def __init__(self, function):
        self._torchdynamo_inline = function
        self.result = function()
def source():
    return 5
traced = ScriptFunction(source)
dynamo.reset = compiled.clear
frame.input_codes = types.SimpleNamespace(seen=[1])
sys.modules.update({module.__name__: module for module in (torch, dynamo, frame)})
def run(n):
    if n not in compiled:
        compiled[n] = Part().forward(n)
    return compiled[n]
"""


def notes(reply: dict) -> list[list]:
    return sorted([reason, message] for _, reason, message, *_ in reply["notes"])


def test_machine_code_of_numba_follows_in_its_callers_too(start: Session) -> None:
    session = start({"main.py": MAIN, "shop.py": NUMBA})
    question = "(shop.inner(1), shop.outer(1), shop.other(1), len(shop.other.overloads))"
    assert session.say(question) == "(2, 5, 1, 1)"
    reply = session.save({"shop.py": NUMBA.replace("n * 2", "n * 20")})
    dropped = [["recompiles-at-next-call", f"machine code of {name} was dropped"] for name in ("inner", "outer")]
    assert (notes(reply), reply["kept"]) == (dropped, [])
    assert session.say("len(shop.other.overloads)") == "1"
    assert session.say(question) == "(20, 23, 1, 1)"
    reply = session.save({"shop.py": NUMBA.replace("n * 2", "n * 20").replace("RATE = 3", "RATE = 4")})
    assert notes(reply) == dropped[1:]
    assert session.say(question) == "(20, 24, 1, 1)"


def test_a_numba_function_that_cannot_be_compiled_again_is_named(start: Session) -> None:
    broken = NUMBA.replace("self.overloads.clear()", "raise RuntimeError('no')")
    session = start({"main.py": MAIN, "shop.py": broken})
    assert session.say("shop.inner(1)") == "2"
    reply = session.save({"shop.py": broken.replace("n * 2", "n * 20")})
    assert notes(reply) == [["wrapped-compiled", "inner goes on with its machine code: RuntimeError: no"]]


def test_what_jax_has_traced_is_traced_again(start: Session) -> None:
    session = start({"main.py": MAIN, "shop.py": JAX})
    assert session.say("shop.scan(shop.step, 1)") == "2"
    reply = session.save({"shop.py": JAX.replace("n + 1", "n + 100")})
    assert notes(reply) == [["recompiles-at-next-call", "what jax has traced was dropped"]]
    assert session.say("shop.scan(shop.step, 1)") == "101"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("n + 1", "n + 100", ["recompiles-at-next-call", "what torch.compile has made was dropped"]),
        ("return 1", "return 2", None),
        ("return 5", "return 6", ["wrapped-compiled", "traced, which torch has made of it, goes on as it is"]),
    ],
)
def test_what_torch_has_compiled_follows_or_is_named(start: Session, old: str, new: str, told: list | None) -> None:
    session = start({"main.py": MAIN, "shop.py": TORCH})
    assert session.say("(shop.run(1), shop.plain(), shop.traced.result)") == "(2, 1, 5)"
    reply = session.save({"shop.py": TORCH.replace(old, new)})
    assert notes(reply) == ([] if told is None else [told])
    wanted = {"n + 1": "(101, 1, 5)", "return 1": "(2, 2, 5)", "return 5": "(2, 1, 5)"}
    assert session.say("(shop.run(1), shop.plain(), shop.traced.result)") == wanted[old]


def test_a_fault_in_looking_at_compiled_code_is_told_and_harms_nothing(start: Session) -> None:
    session = start({"main.py": MAIN, "shop.py": JAX})
    assert session.say("delattr(shop.jax, 'clear_caches') or setattr(shop.jax, 'clear_caches', 3)") == "None"
    reply = session.save({"shop.py": JAX.replace("n + 1", "n + 100")})
    assert [reason for reason, _ in notes(reply)] == ["wrapped-compiled"]
    assert session.say("shop.step(1)") == "101"

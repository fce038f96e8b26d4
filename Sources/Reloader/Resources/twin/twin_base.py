"""The compiler twin: the target's own interpreter, as a child of ours. It compiles what the target must not.

Requests come on stdin, answers go to stdout: u32 little-endian length, then marshal version 2. The files of this folder
are concatenated in the order of AgentProgram.swift, with the agent's base_facts.py, base_class_lines.py,
base_code.py and base_memory.py, and run as one module.
"""

from __future__ import annotations
import __future__

import _ast
import _imp
import marshal
import opcode
import posix
import sys

CodeType = type((lambda: None).__code__)
FunctionType = type(lambda: None)
CellType = type((lambda value: lambda: value)(None).__closure__[0])
FUTURE_FLAGS = 0
for feature in __future__.all_feature_names:
    FUTURE_FLAGS |= getattr(__future__, feature).compiler_flag
FUNCTION_FLAGS = 0x3  # CO_OPTIMIZED, CO_NEWLOCALS: a function's code, not a class body's
FUNCTIONS = (_ast.FunctionDef, _ast.AsyncFunctionDef)

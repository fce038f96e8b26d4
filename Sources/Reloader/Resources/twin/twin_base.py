"""The compiler twin: the target's own interpreter, as a child of ours. It compiles what the target must not.

Requests come on stdin, answers go to stdout: u32 little-endian length, then marshal version 2. The files of this folder
are concatenated in name order, after the agent's code.py, and run as one module.
"""

from __future__ import annotations
import __future__

import _imp
import ast
import copy
import dis
import marshal
import sys
import types

CodeType = types.CodeType
FUTURE_FLAGS = 0
for feature in __future__.all_feature_names:
    FUTURE_FLAGS |= getattr(__future__, feature).compiler_flag
FUNCTION_FLAGS = 0x3  # CO_OPTIMIZED, CO_NEWLOCALS: a function's code, not a class body's
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

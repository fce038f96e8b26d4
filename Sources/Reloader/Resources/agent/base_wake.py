"""Starts the conversation; this thread's own dict holds the pipe ends (F), the first request (Q), and what is not 0 if
the process has audit hooks (H)."""

try:
    serve(globals()["F"], globals()["Q"])
finally:
    globals().clear()

"""Starts the conversation; this thread's own dict holds the pipe ends (F) and the first request (Q)."""

try:
    serve(globals()["F"], globals()["Q"])
finally:
    globals().clear()

"""The conversation: requests until the tool closes its end, then leave without a trace."""


def answer(pipes: Pipes, content: bytes) -> None:
    request = marshal.loads(content)
    if request[0] == "inventory":
        pipes.send(("inventory", inventory(request)))
    elif request[0] == "compare":
        pipes.send(("compare", compare(request)))
    elif request[0] == "patch":
        patch = Patch(request[1])
        reply = patch.run()
        pipes.send(("patch", reply))
        moved = 0
        if reply["rejected"] is None:
            moved = reline(patch)
        pipes.send(("done", {"moved": moved}))
    else:
        pipes.send(("failed", "unknown request"))


def serve(ends: tuple, first: bytes) -> None:
    """Never raises, never prints."""
    threads = known_threads()
    quiet = None
    try:
        quiet = QuietFork()
        pipes = Pipes(*ends)
        content = first or pipes.receive()
        while content:
            try:
                answer(pipes, content)
            except OSError:
                break
            except BaseException as error:
                pipes.send(("failed", describe(error)))
            content = pipes.receive()
    except BaseException:  # the tool sees the closed pipe; the program sees nothing
        pass
    finally:
        try:
            if quiet is not None:
                quiet.end()
            forget_thread(threads)
        except BaseException:
            pass

OPERATIONS = {
    "function": change_function,
    "define": define,
    "delete": delete,
    "class": change_class,
    "import": run_import,
    "assign": assign,
    "constant": constant,
}

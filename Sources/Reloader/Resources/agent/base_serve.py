"""The conversation: requests until the tool closes its end, then leave without a trace."""


def answer(pipes: Pipes, content: bytes) -> None:
    request = marshal.loads(content)
    if request[0] in ("inventory", "patch"):
        separate_versions()
    if request[0] == "inventory":
        send(pipes, ("inventory", inventory(request)))
    elif request[0] == "compare":
        send(pipes, ("compare", compare(request)))
    elif request[0] == "patch":
        patch = new_patch(request[1])
        reply = run_patch(patch)
        send(pipes, ("patch", reply))
        moved = 0
        if reply["rejected"] is None and not is_dry(patch):
            moved = reline(patch)
        send(pipes, ("done", {"moved": moved}))
    elif request[0] == "tidy":
        send(pipes, ("tidy", tidy(request[1])))
    else:
        send(pipes, ("failed", "unknown request"))


def serve(ends: tuple, first: bytes) -> None:
    """Never raises, never prints."""
    threads = known_threads()
    silence = None
    try:
        silence = silence_fork()
        pipes = open_pipes(*ends)
        content = first or receive(pipes)
        while content:
            try:
                answer(pipes, content)
            except OSError:
                break
            except BaseException as error:
                send(pipes, ("failed", describe(error)))
            content = receive(pipes)
    except BaseException:  # the tool sees the closed pipe; the program sees nothing
        pass
    finally:
        try:
            if silence is not None:
                end_silence(silence)
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

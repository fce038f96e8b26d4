"""Answers one question, which modules a process has loaded, and waits to be told to leave."""


def tell_modules(ends: tuple) -> None:
    """Never raises, never prints."""
    threads = known_threads()
    silence = None
    try:
        silence = silence_fork()
        pipes = open_pipes(*ends)
        try:
            found = ("modules", {"cwd": working_directory(), "modules": loaded_modules()})
        except BaseException as error:
            found = ("failed", describe(error))
        send(pipes, frame(1, ANSWER, found) + frame(1, END, None))
        take(pipes, HEADER)  # until the tool closes its end
    except BaseException:  # the tool sees the closed pipe; the program sees nothing
        pass
    finally:
        try:
            if silence is not None:
                end_silence(silence)
            forget_thread(threads)
        except BaseException:
            pass


try:
    tell_modules(globals()["F"])
finally:
    globals().clear()

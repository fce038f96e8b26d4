"""The conversation: requests until the tool closes its end, then leave without a trace."""


def answer(turn: Turn, value: object) -> None:
    """The one answer of a request; more work may follow it."""
    turn.is_answered = True
    send(turn.pipes, frame(turn.number, ANSWER, value))


def event(turn: Turn, value: object) -> None:
    """Something that happened, before or after the answer. Waits while the tool does not read: never from a hook."""
    send(turn.pipes, frame(turn.number, EVENT, value))


def end(turn: Turn, value: object) -> None:
    turn.is_ended = True
    send(turn.pipes, frame(turn.number, END, value))


def complete(turn: Turn, value: object) -> None:
    """The answer and the end in one write."""
    turn.is_answered = turn.is_ended = True
    send(turn.pipes, frame(turn.number, ANSWER, value) + frame(turn.number, END, None))


def answer_inventory(turn: Turn, request: tuple) -> None:
    leave_functions()
    separate_versions()
    complete(turn, ("inventory", inventory(request)))


def answer_compare(turn: Turn, request: tuple) -> None:
    leave_functions()
    complete(turn, ("compare", compare(request)))


def answer_patch(turn: Turn, request: tuple) -> None:
    """Line numbers follow the answer: the burst is live and told before the functions below it have their new lines."""
    leave_functions()
    separate_versions()
    patch = new_patch(request[1])
    patch.pipes = turn.pipes
    reply = run_patch(patch)
    remember_save(patch, turn.content)
    answer(turn, ("patch", reply))
    moved = finish(patch) if reply["rejected"] is None and not is_dry(patch) else 0
    end(turn, ("done", {"moved": moved}))


def answer_copies(turn: Turn, request: tuple) -> None:
    """What nobody waits for: copies made since the last look get what this conversation's saves have changed."""
    leave_functions()
    IDLE.pipes = turn.pipes
    try:
        late = follow_saves()
    except InterruptedError:
        late = None
    finally:
        IDLE.pipes = None
    complete(turn, ("copies", {"late": late or [], "is_done": late is not None, "heap": heap_told()}))


def answer_tidy(turn: Turn, request: tuple) -> None:
    complete(turn, ("tidy", tidy(request[1])))


def answer_look(turn: Turn, request: tuple) -> None:
    """request: look, the observer's program, kind, facts. The program is run by the first such request."""
    _, program, kind, facts = request
    if not OBSERVERS:
        exec(marshal.loads(program), globals())
    complete(turn, ("look", OBSERVERS[kind](facts)))


def load(turn: Turn, request: tuple) -> None:
    """Adds a program that few conversations need: its functions see the agent's names, its REQUESTS are served too.

    request: load, code that this interpreter's twin has marshalled.
    """
    exec(marshal.loads(request[1]), globals())
    complete(turn, ("load", sorted(REQUESTS)))


def work(pipes: Pipes, number: int, content: bytes) -> bool:
    """Does what is asked for, once it is known that the tool has been told so; False if it cannot be told.

    The tool sends a request again only if it never was: nothing runs twice.
    """
    turn = Turn(pipes=pipes, number=number, content=content, is_answered=False, is_ended=False)
    if not send(pipes, frame(number, TAKEN, None)):
        return False
    try:
        request = marshal.loads(content)
        if request[0] in REQUESTS:
            REQUESTS[request[0]](turn, request)
        else:
            complete(turn, ("failed", "unknown request " + str(request[0])))
    except OSError:
        return False
    except BaseException as error:
        if turn.is_answered:
            end(turn, ("failed", describe(error)))
        else:
            complete(turn, ("failed", describe(error)))
    if not turn.is_ended:
        end(turn, None)
    return True


def finish(patch: Patch) -> int:
    """What nobody waits for: lines of what only moved, versions of the functions that were changed. How many moved."""
    memory = open_memory() if patch.request["words"] and not has_audit_hook() else -1
    try:
        moved, functions = reline(patch, memory)
        if memory >= 0:
            restore_versions(memory, [*patch.swapped, *patch.successors.values(), *functions])
    finally:
        if memory >= 0:
            posix.close(memory)
    return moved


def leave_functions() -> None:
    """Whoever looks at code, or ends, finds every function with its own."""
    for leave in LEAVING:
        leave()


def serve(ends: tuple, first: bytes) -> None:
    """Never raises, never prints."""
    threads = known_threads()
    silence = None
    try:
        silence = silence_fork()
        pipes = open_pipes(*ends)
        take_told(first)
        request = (1, first) if first else receive(pipes)
        while request and work(pipes, *request):
            request = receive(pipes)
    except BaseException:  # the tool sees the closed pipe; the program sees nothing
        pass
    finally:
        try:
            leave_functions()
            if silence is not None:
                end_silence(silence)
            forget_thread(threads)
        except BaseException:
            pass


REQUESTS = {
    "inventory": answer_inventory,
    "compare": answer_compare,
    "patch": answer_patch,
    "copies": answer_copies,
    "tidy": answer_tidy,
    "look": answer_look,
    "load": load,
}

OBSERVERS = {}  # what answers `look`, by kind; the first such request brings the program

LEAVING = []  # called before code is looked at, and at the end

OPERATIONS = {
    "function": change_function,
    "define": define,
    "delete": delete,
    "class": change_class,
    "import": run_import,
    "assign": assign,
    "constant": constant,
    "annotation": count_annotation,
    "doc": change_doc,
    "block": run_block,
}

"""Asyncio tasks: each with the chain of calls that it awaits, equal chains once, and no code of the program for it."""

from __future__ import annotations

import marshal

import pytest
from lab import Session
from test_bodies import LOOP
from test_observe import Looking

SHOP = '''
import asyncio, contextlib, threading, time, types

looked, kept, stop, crunches = [], [], threading.Event(), threading.Event()

async def fetch(number):
    await asyncio.sleep(1000)

async def both():
    await asyncio.gather(fetch(1), fetch(2))

async def numbers():
    await asyncio.Event().wait()
    yield 1

async def consume():
    async for number in numbers():
        pass

@contextlib.asynccontextmanager
async def lease():
    await asyncio.get_running_loop().create_future()
    yield 1

async def borrow():
    async with lease():
        pass

@types.coroutine
def old_style(future):
    yield from future

async def modern():
    await old_style(asyncio.get_running_loop().create_future())

class Ticket:
    async def redeem(self):
        await asyncio.Queue().get()

    def __await__(self):
        return self.redeem().__await__()

async def redeem():
    await Ticket()

async def deep(levels):
    if levels:
        await deep(levels - 1)
    await asyncio.sleep(1000)

async def wait_for(task):
    await task

async def quick():
    return 1

def crunch():
    crunches.set()
    while not stop.is_set():
        time.sleep(0.001)

async def busy():
    crunch()

def loud(name):
    def method(self, *arguments):
        looked.append(name)
        raise ValueError(name)
    return method

class Loud(asyncio.Task):
    get_name, get_coro, done = loud("get_name"), loud("get_coro"), asyncio.Task.done
    __repr__, __eq__, __len__, __bool__ = loud("repr"), loud("eq"), loud("len"), loud("bool")
    __getattr__ = loud("getattr")
    __hash__ = asyncio.Task.__hash__
    _coro = property(loud("_coro"))

class Plain(asyncio.tasks._PyTask):
    pass

loop = asyncio.new_event_loop()

def run():
    asyncio.set_event_loop(loop)
    loop.run_forever()

def wait_until_idle():
    """Two turns of the loop: what was started has come to where it waits."""
    for _ in range(3):
        turn = threading.Event()
        loop.call_soon_threadsafe(turn.set)
        turn.wait()

def start(function, *arguments, name=None, factory=None):
    def make():
        kind = {"loud": Loud, "plain": Plain}.get(factory, asyncio.Task)
        kept.append(kind(function(*arguments), loop=loop, name=name))
    loop.call_soon_threadsafe(make)
    wait_until_idle()

def start_many(count):
    def make():
        kept.extend(loop.create_task(fetch(number)) for number in range(count))
    loop.call_soon_threadsafe(make)
    wait_until_idle()

def begin():
    threading.Thread(target=run, name="looper", daemon=True).start()
    wait_until_idle()
'''
END = "import os\nos._exit(0)\n"


@pytest.fixture
def looking(start: object) -> Looking:
    session = start({"main.py": "import shop\n" + LOOP + END, "shop.py": SHOP})
    found = Looking(session)
    found.session = session
    yield found
    found.agent.close()


def look(looking: Looking) -> dict:
    name, answer = looking.agent.ask(marshal.dumps(("look", looking.program, "tasks", {}), 2))
    assert (name, looking.agent.end()) == ("look", None), answer
    return answer


def calls(group: dict) -> list:
    """The program's own calls as name and line, the others by module and name."""
    return [
        f"{name}:{line}" if module == "shop" else f"{module}.{name}"
        for name, _, _, line, module in group["rows"]
    ]


def call_at(name: str, line: str) -> str:
    return f"{name}:{1 + SHOP.splitlines().index(line)}"


def say(session: Session, text: str) -> None:
    assert session.say(text) == "None"


def group_of(answer: dict, name: str) -> dict:
    return [group for group in answer["groups"] if name in group["names"]][0]


def test_a_process_without_a_loop_says_so(looking: Looking) -> None:
    say(looking.session, "shop.loop.close()")
    answer = look(looking)
    assert (answer["total"], answer["groups"], answer["loaded"], answer["idle_loops"]) == (0, [], True, 0)
    say(looking.session, "globals().update(other=shop.asyncio.new_event_loop())")
    assert look(looking)["idle_loops"] == 1
    say(looking.session, "other.close()")


def test_asyncio_is_not_imported_for_it(start: object) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": "number = 1\n"})
    found = Looking(session)
    answer = look(found)
    assert (answer["total"], answer["loaded"], answer["idle_loops"]) == (0, False, 0)
    assert session.say("'asyncio' in sys.modules or '_asyncio' in sys.modules") == "False"
    found.agent.close()


def test_equal_chains_are_one_group(looking: Looking) -> None:
    say(looking.session, "shop.begin()")
    say(looking.session, "shop.start_many(300)")
    say(looking.session, "shop.start(shop.quick)")
    say(looking.session, "shop.start(shop.both, name='gatherer')")
    answer = look(looking)
    assert (answer["total"], answer["left_out"]) == (303, 0)
    assert [name for name, ident in answer["loops"] if ident > 0] == ["looper"]
    assert sorted(group["count"] for group in answer["groups"]) == [1, 302]
    many = [group for group in answer["groups"] if group["count"] == 302][0]
    assert calls(many) == [call_at("fetch", "    await asyncio.sleep(1000)"), "asyncio.tasks.sleep"]
    assert (many["state"], tuple(many["awaited"]), len(many["names"])) == ("waiting", ("future", ""), 20)
    assert many["rows"][0][2] == looking.session.path("shop.py")
    gather = group_of(answer, "gatherer")
    assert calls(gather) == [call_at("both", "    await asyncio.gather(fetch(1), fetch(2))")]
    assert tuple(gather["awaited"]) == ("gather", "2")


def test_chains_go_through_every_kind_of_awaitable(looking: Looking) -> None:
    say(looking.session, "shop.begin()")
    for name in ("consume", "borrow", "modern", "redeem"):
        say(looking.session, f"shop.start(shop.{name}, name='{name}')")
    say(looking.session, "shop.start(lambda: shop.wait_for(shop.kept[0]), name='waiter')")
    answer = look(looking)
    chains = {name: [call.split(":")[0] for call in calls(group_of(answer, name))] for name in
              ("consume", "borrow", "modern", "redeem", "waiter")}  # fmt: skip
    assert chains["consume"] == ["consume", "numbers", "asyncio.locks.Event.wait"]
    assert chains["borrow"] == ["borrow", "contextlib._AsyncGeneratorContextManager.__aenter__", "lease"]
    assert chains["modern"] == ["modern", "old_style"]
    assert chains["redeem"] == ["redeem", "Ticket.redeem", "asyncio.queues.Queue.get"]
    assert tuple(group_of(answer, "waiter")["awaited"]) == ("task", "consume")


def test_long_chains_are_cut_in_the_middle(looking: Looking) -> None:
    say(looking.session, "shop.begin()")
    say(looking.session, "shop.start(shop.deep, 120, name='deep')")
    group = group_of(look(looking), "deep")
    assert (len(group["rows"]), group["cut"]) == (50, 72)
    assert calls(group)[-1] == "asyncio.tasks.sleep"
    assert len(set(calls(group)[:-2])) == 1


def test_a_running_task_shows_what_it_runs_and_others_are_ready(looking: Looking) -> None:
    say(looking.session, "shop.begin()")
    say(looking.session, "shop.start(shop.fetch, 1, name='sleeper')")
    say(
        looking.session,
        "shop.loop.call_soon_threadsafe(lambda: shop.kept.extend("
        "shop.loop.create_task(f()) for f in (shop.busy, shop.quick))) and None",
    )
    say(looking.session, "[shop.crunches.wait()].clear()")
    answer = look(looking)
    states = {group["state"]: group for group in answer["groups"]}
    assert [call.split(":")[0] for call in calls(states["running"])][:2] == ["busy", "crunch"]
    assert [call.split(":")[0] for call in calls(states["ready"])] == ["quick"]
    assert states["waiting"]["names"] == ["sleeper"]
    say(looking.session, "shop.stop.set()")


def test_no_code_of_the_program_runs(looking: Looking) -> None:
    say(looking.session, "shop.begin()")
    say(looking.session, "shop.start(shop.fetch, 1, name='a', factory='loud')")
    say(looking.session, "shop.start(shop.fetch, 1, name='b', factory='plain')")
    say(looking.session, "shop.looked.clear()")
    answer = look(looking)
    assert looking.session.say("shop.looked") == "[]"
    assert answer["total"] == 2
    for name in ("a", "b"):
        assert [call.split(":")[0] for call in calls(group_of(answer, name))] == ["fetch", "asyncio.tasks.sleep"]


def test_nothing_stays(looking: Looking) -> None:
    say(looking.session, "shop.begin()")
    say(looking.session, "shop.start_many(50)")
    look(looking)
    looking.session.say("globals().update(gc=__import__('gc'))")
    before = int(looking.session.say("(gc.collect(), len(gc.get_objects()))[1]"))
    for _ in range(5):
        look(looking)
    assert int(looking.session.say("len(gc.get_objects())")) - before < 30
    assert looking.session.say("gc.collect()") == "0"

"""A client that goes through what the README says: python client.py MIDFLIGHT; ends with 0 if all of it holds.

It starts the server from a copy of this folder, calls its tools, has midflight attached, edits tools.py twice, and
calls them again in the same session.
"""

import asyncio
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from typing import Any, List

from mcp import ClientSession, StdioServerParameters, types
from mcp.client.stdio import stdio_client

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 30


async def text(session: ClientSession, tool: str, **arguments: str) -> str:
    answer = await session.call_tool(tool, arguments)
    return answer.content[0].text


async def names(session: ClientSession) -> List[str]:
    return sorted(tool.name for tool in (await session.list_tools()).tools)


def attach(midflight: str, pid: str, folder: pathlib.Path) -> "subprocess.Popen[str]":
    tool = subprocess.Popen(
        [midflight, "attach", pid, str(folder), "--json"], stdout=subprocess.PIPE, universal_newlines=True
    )
    for line in tool.stdout or ():
        if '"event":"ready"' in line:
            return tool
    raise SystemExit(f"midflight did not attach: it ended with {tool.wait()}")


async def walk(midflight: str, folder: pathlib.Path) -> None:
    changed = asyncio.Event()

    async def hear(message: Any) -> None:
        if isinstance(message, types.ServerNotification) and isinstance(
            message.root, types.ToolListChangedNotification
        ):
            changed.set()

    server = StdioServerParameters(command=sys.executable, args=["-B", "server.py"], cwd=str(folder))
    async with stdio_client(server) as streams, ClientSession(*streams, message_handler=hear) as session:
        await session.initialize()
        assert await names(session) == ["recall", "remember"]
        assert await text(session, "remember", text="tea") == "kept, as note 1"
        before = await text(session, "recall")
        pid = re.findall(r"process (\d+)", before)[0]
        tool = attach(midflight, pid, folder)
        try:
            source = (folder / "tools.py").read_text()
            source = source.replace('"kept, as note', '"written down, as note')
            (folder / "tools.py").write_text(source)
            await asyncio.wait_for(changed.wait(), SECONDS)
            assert await text(session, "remember", text="mug") == "written down, as note 2"
            changed.clear()
            new = 'def count() -> str:\n    """How many notes there are."""\n    return str(len(NOTES))\n\n\n'
            new += "def __on"
            (folder / "tools.py").write_text(source.replace("def __on", new))
            await asyncio.wait_for(changed.wait(), SECONDS)
            assert await names(session) == ["count", "recall", "remember"]
            assert await text(session, "count") == "2"
            assert await text(session, "recall") == f"2 in process {pid}: tea; mug"
        finally:
            tool.send_signal(signal.SIGTERM)
            assert tool.wait(20) == 0
    print(f"one session, one process ({pid}): two saves, a new tool, and every note kept")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="midflight-mcp-") as base:
        folder = pathlib.Path(base) / "mcp"
        shutil.copytree(str(HERE), str(folder), ignore=shutil.ignore_patterns("__pycache__"))
        asyncio.run(asyncio.wait_for(walk(os.path.abspath(sys.argv[1]), folder), 4 * SECONDS))
    return 0


if __name__ == "__main__":
    sys.exit(main())

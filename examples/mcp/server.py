"""An MCP server on standard input and output: python server.py. Its tools are the public functions of tools.py."""

import asyncio
import inspect
from typing import Any, Callable, Dict, List

import tools
from mcp import types
from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.stdio import stdio_server
from notices import SESSIONS

server = Server("notes")


def functions() -> Dict[str, Callable[..., str]]:
    """Read at every call: a function that a save has added or deleted is there, or gone."""
    found = inspect.getmembers(tools, inspect.isfunction)
    return {name: function for name, function in found if not name.startswith("_")}


@server.list_tools()
async def list_tools() -> List[types.Tool]:
    SESSIONS.add(server.request_context.session)
    return [
        types.Tool(
            name=name,
            description=inspect.getdoc(function),
            inputSchema={
                "type": "object",
                "properties": {parameter: {"type": "string"} for parameter in inspect.signature(function).parameters},
            },
        )
        for name, function in functions().items()
    ]


@server.call_tool()
async def call_tool(name: str, arguments: Dict[str, Any]) -> List[types.TextContent]:
    return [types.TextContent(type="text", text=functions()[name](**arguments))]


async def main() -> None:
    SESSIONS.loop = asyncio.get_running_loop()
    options = server.create_initialization_options(NotificationOptions(tools_changed=True))
    async with stdio_server() as (reader, writer):
        await server.run(reader, writer, options)


if __name__ == "__main__":
    asyncio.run(main())

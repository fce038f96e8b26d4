"""Who is to be told that the list of tools has changed."""

import asyncio
from typing import Any, Optional, Set


class Sessions:
    def __init__(self) -> None:
        self.loop: Optional[asyncio.AbstractEventLoop] = None
        self._sessions: Set[Any] = set()

    def add(self, session: Any) -> None:
        self._sessions.add(session)

    def announce(self) -> None:
        """From any thread: midflight calls `__on_reload__` on its own, and asyncio's objects belong to the loop's."""
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self._send)

    def _send(self) -> None:
        for session in list(self._sessions):
            asyncio.ensure_future(self._tell(session))

    async def _tell(self, session: Any) -> None:
        try:
            await session.send_tool_list_changed()
        except Exception:  # the client has gone
            self._sessions.discard(session)


SESSIONS = Sessions()

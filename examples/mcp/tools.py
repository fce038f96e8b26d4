"""The tools. Edit them while a client is connected: it keeps its session, and these notes."""

import os
from typing import Any, List

import notices

NOTES: List[str] = []


def remember(text: str) -> str:
    """Keeps a note."""
    NOTES.append(text)
    return f"kept, as note {len(NOTES)}"


def recall() -> str:
    """All notes."""
    return f"{len(NOTES)} in process {os.getpid()}: {'; '.join(NOTES)}"


def __on_reload__(event: Any) -> None:
    """Clients ask for the list of tools once; who has it is told to ask again."""
    notices.SESSIONS.announce()

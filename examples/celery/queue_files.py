"""Celery's file broker, made safe: its readers may take a message that is not written yet, and lose it."""

import os
import pathlib
import time
import uuid

from kombu.transport import filesystem
from kombu.utils.json import dumps


def put_whole(channel: filesystem.Channel, queue: str, payload: object, **_: object) -> None:
    folder = pathlib.Path(channel.data_folder_out)
    name = f"{time.monotonic_ns()}_{uuid.uuid4()}.{queue}.msg"
    draft = folder / f"{name}.draft"  # a name that readers of the queue pass over
    draft.write_text(dumps(payload))
    os.replace(draft, folder / name)


filesystem.Channel._put = put_whole

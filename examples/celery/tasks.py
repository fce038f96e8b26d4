import os
import pathlib

import celery
import queue_files  # noqa: F401
import words

# Files in place of a message broker, so that the example needs no other server.
folder = pathlib.Path(__file__).resolve().parent / "queue"
for name in ("messages", "results"):
    (folder / name).mkdir(parents=True, exist_ok=True)

app = celery.Celery("tasks", broker="filesystem://", backend=(folder / "results").as_uri())
app.conf.broker_transport_options = {
    "data_folder_in": str(folder / "messages"),
    "data_folder_out": str(folder / "messages"),
    "control_folder": str(folder / "control"),
}
done = 0


@app.task
def count(text: str) -> str:
    global done
    done += 1
    return f"{words.count(text)} words, by {os.getpid()}, its task {done}"

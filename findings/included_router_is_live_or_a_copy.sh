#!/bin/bash
# FastAPI: whether a route that is added to an APIRouter after `include_router` is served depends on the release.
#
# FastAPI 0.115.0 copies the routes that the router has at that moment: one that is added later is answered with 404. 0.165.0 keeps the
# router itself (`fastapi.routing._IncludedRouter`): it is served. `app.routes` then holds an object that has no `path`. Who adds routes
# to a running program cannot tell from the call, which is the same and fails in neither.
#
# Output seen with CPython 3.11.7: "0.115.0 404" and "0.165.0 200". Ends with 1 if a release answers otherwise. Needs the network.
set -eu
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
cat >"$folder/ask.py" <<'PYTHON'
import asyncio
import sys

import fastapi

router, app = fastapi.APIRouter(), fastapi.FastAPI()
app.include_router(router)


@router.get("/late")
def late():
    return "late"


async def status(path):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b""}

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "root_path": ""}
    await app({**scope, "scheme": "http", "server": ("localhost", 80), "http_version": "1.1"}, receive, send)
    return sent[0]["status"]


found = asyncio.run(status("/late"))
print(fastapi.__version__, found)
sys.exit(found != int(sys.argv[1]))
PYTHON
result=0
for case in 0.115.0:404 0.165.0:200; do
    python3 -m venv "$folder/${case%:*}"
    "$folder/${case%:*}/bin/pip" install --quiet --disable-pip-version-check "fastapi==${case%:*}"
    "$folder/${case%:*}/bin/python" "$folder/ask.py" "${case#*:}" || result=1
done
exit $result

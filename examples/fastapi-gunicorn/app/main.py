import os

from fastapi import FastAPI

from app import greeting

app = FastAPI()
served = 0


@app.get("/hello/{name}")
async def hello(name: str) -> dict:
    global served
    served += 1
    return {"text": greeting.text(name), "pid": os.getpid(), "served": served}

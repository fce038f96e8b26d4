import os

bind = "127.0.0.1:" + os.environ.get("PORT", "8000")
workers = 4
worker_class = "uvicorn_worker.UvicornWorker"
pidfile = "gunicorn.pid"

/// The programs that the real servers serve; each asks `lib.answer()` anew for every request.
enum ServerSources {
    static let files = [
        "plain.py": plain, "asgi.py": asgi, "flaskapp.py": flask, "djangoapp.py": django, "tasks.py": celery,
        "gate.py": gate, "poolapp.py": pool,
    ]

    private static let plain = """
        import os
        import lib


        def application(environ, start_response):
            body = ("%s %d" % (lib.answer(), os.getpid())).encode()
            start_response("200 OK", [("Content-Length", str(len(body)))])
            return [body]

        """

    private static let asgi = """
        import os
        import lib


        async def app(scope, receive, send):
            if scope["type"] != "http":
                return
            body = ("%s %d" % (lib.answer(), os.getpid())).encode()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body})

        """

    private static let flask = """
        import os
        import flask
        import lib

        app = flask.Flask(__name__)


        @app.get("/")
        def index():
            return "%s %d" % (lib.answer(), os.getpid())

        """

    private static let django = """
        import os
        import django.conf
        import lib
        from django.core.wsgi import get_wsgi_application
        from django.http import HttpResponse
        from django.urls import path

        django.conf.settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="x", ALLOWED_HOSTS=["*"])


        def index(request):
            return HttpResponse("%s %d" % (lib.answer(), os.getpid()))


        urlpatterns = [path("", index)]
        application = get_wsgi_application()

        """

    /// Kombu's file broker creates a message before it writes it, and a reader in between loses it: `put_whole`.
    private static let celery = """
        import os
        import time
        import uuid
        import celery
        import lib
        from kombu.transport import filesystem
        from kombu.utils.json import dumps

        for folder in ("queue", "results", "control"):
            os.makedirs(folder, exist_ok=True)
        app = celery.Celery("tasks", broker="filesystem://", backend="file://" + os.path.abspath("results"))
        app.conf.broker_transport_options = {"data_folder_in": "queue", "data_folder_out": "queue", "polling_interval": 0.02}


        def put_whole(channel, queue, payload, **_):
            name = os.path.join("queue", "%d_%s.%s.msg" % (time.monotonic_ns(), uuid.uuid4(), queue))
            with open(name + ".draft", "w") as draft:
                draft.write(dumps(payload))
            os.replace(name + ".draft", name)


        filesystem.Channel._put = put_whole


        @app.task
        def ask():
            return "%s %d" % (lib.answer(), os.getpid())

        """

    private static let server = """
        import http.server
        import sys


        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = answer().encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass


        def serve():
            http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()

        """

    private static let gate =
        server + """

            import tasks


            def answer():
                return tasks.ask.delay().get(timeout=10, interval=0.01)


            serve()

            """

    private static let pool =
        server + """

            import multiprocessing
            import os
            import lib


            def work():
                return "%s %d" % (lib.answer(), os.getpid())


            def answer():
                return workers.apply(work)


            if __name__ == "__main__":
                workers = multiprocessing.get_context("fork").Pool(3)
                serve()

            """
}

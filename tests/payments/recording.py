"""A proxy on loopback before the stand-in: it passes everything on and writes down what was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import requests

_PASSED_ON = ("Authorization", "Content-Type", "Idempotency-Key", "Stripe-Version")


@dataclass(frozen=True)
class Asked:
    """One request. `form` and `query` are as they were on the wire."""

    method: str
    path: str
    query: str
    form: str
    headers: dict[str, str]


@dataclass
class Recorder:
    url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def recording(target: str) -> Iterator[Recorder]:
    recorder = Recorder("")

    class Proxy(BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            form = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: self.headers[name] for name in _PASSED_ON if name in self.headers}
            parts = urlsplit(self.path)
            recorder.asked.append(Asked(self.command, parts.path, parts.query, form.decode(), headers))
            answer = requests.request(self.command, target + self.path, data=form, headers=headers, timeout=30)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_DELETE = pass_on  # noqa: N815 - the standard library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        recorder.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield recorder
        server.shutdown()
        thread.join()

"""A static server for editors with the headers of production, live reload, and a panel of problems over the page.

It listens on 127.0.0.1 only: what it shows includes drafts.
"""

import functools
import json
import mimetypes
import posixpath
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from socketserver import BaseServer
from typing import Protocol
from urllib.parse import unquote, urlsplit

CSP = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of production (docs/operators.md), so that a violation shows while developing."""

HEADERS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_HERE = Path(__file__).parent
_INJECTED = b'<link rel="stylesheet" href="/_portal/live.css"><script src="/_portal/live.js" defer></script>'


class Shown(Protocol):
    """What the server shows: a folder, a version that grows with each change, the problems, and a wait for the next."""

    folder: Path
    live: bool  # whether pages get the live-reload script

    def state(self) -> dict[str, object]:
        """Version and problems, as JSON can carry them."""

    def wait(self, version: int, seconds: float) -> None:
        """Return when the version is another, or after so many seconds."""


class LoopbackServer(ThreadingHTTPServer):
    """Serves on 127.0.0.1. Port 0 picks a free one."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, shown: Shown) -> None:
        super().__init__(("127.0.0.1", port), functools.partial(_Handler, shown))

    @classmethod
    def running(cls, shown: Shown) -> "LoopbackServer":
        """A server on a free port, answering in a thread until `shutdown`."""
        server = cls(0, shown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """A browser that went away before its answer was sent is no fault; anything else is told."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    @property
    def port(self) -> int:
        """The port in use."""
        return int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together and at once: apart, each answer would wait 40 ms for the acknowledgement of its head.
    wbufsize = -1
    disable_nagle_algorithm = True
    server_version = "portal"
    sys_version = ""

    def __init__(self, shown: Shown, request: socket, client_address: object, server: BaseServer) -> None:
        self._shown = shown
        super().__init__(request, client_address, server)

    def do_GET(self) -> None:
        """Answer a page, a file, or the live-reload channel."""
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
        if host not in {"localhost", "127.0.0.1", ""}:
            # A page elsewhere could point its own name at 127.0.0.1 and read the drafts (DNS rebinding).
            self._send(HTTPStatus.FORBIDDEN, "text/plain; charset=utf-8", "只限本机访问。".encode())
            return
        path = posixpath.normpath(unquote(urlsplit(self.path).path))
        match path:
            case "/_portal/state":
                self._json(self._shown.state())
            case "/_portal/events" if self.command == "GET":
                self._events()
            case "/_portal/live.js" | "/_portal/live.css":
                self._file(_HERE / path.rsplit("/", 1)[1])
            case _:
                self._page(path)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: an editor has no use for a line a request."""

    def _page(self, path: str) -> None:
        if "\0" in path or ".." in path.split("/"):
            self._missing()
            return
        file = self._shown.folder / path.lstrip("/")
        if file.is_dir():
            if not urlsplit(self.path).path.endswith("/"):
                self.send_response(HTTPStatus.MOVED_PERMANENTLY)
                query = urlsplit(self.path).query
                self.send_header("Location", urlsplit(self.path).path + "/" + (f"?{query}" if query else ""))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            file /= "index.html"
        if file.is_file():
            self._file(file)
        else:
            self._missing()

    def _missing(self) -> None:
        page = self._shown.folder / "404.html"
        if page.is_file():
            self._send(HTTPStatus.NOT_FOUND, "text/html; charset=utf-8", self._live(page.read_bytes()))
        else:
            body = '<!doctype html><html lang="zh-CN"><title>还没有网页</title><body><h1>还没有网页</h1></body></html>'
            self._send(HTTPStatus.NOT_FOUND, "text/html; charset=utf-8", self._live(body.encode()))

    def _live(self, page: bytes) -> bytes:
        """The page with the live-reload script where edits are followed; the built files stay as they are."""
        return page.replace(b"</body>", _INJECTED + b"</body>", 1) if self._shown.live else page

    def _file(self, file: Path) -> None:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        if file.name.endswith((".rss.xml", ".atom.xml")):
            kind = "application/rss+xml" if file.name.endswith(".rss.xml") else "application/atom+xml"
        if file.suffix == ".opml":
            kind = "text/x-opml"
        data = file.read_bytes()
        if kind == "text/html":
            data = self._live(data)
        if kind.startswith("text/") or kind in {"application/json", "application/javascript"}:
            kind += "; charset=utf-8"
        self._send(HTTPStatus.OK, kind, data)

    def _json(self, value: object) -> None:
        self._send(HTTPStatus.OK, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False).encode())

    def _events(self) -> None:
        """Server-sent events: the state now, and again whenever it changes."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        version = -1
        try:
            while True:
                state = self._shown.state()
                if state["version"] != version:
                    version = int(str(state["version"]))
                    self.wfile.write(f"data: {json.dumps(state, ensure_ascii=False)}\n\n".encode())
                else:
                    self.wfile.write(b": alive\n\n")
                self.wfile.flush()
                self._shown.wait(version, 10.0)
        except OSError:
            return  # the browser went away

    def _send(self, status: HTTPStatus, kind: str, data: bytes) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

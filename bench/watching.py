"""From saving a source file to the moment at which its words can be seen, while a builder watches its tree."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from peers import BIN, hugo_binary
from trees import Trees

PAUSE = 0.005
"""Seconds between two looks."""
QUIET = 2.5
"""Seconds between two edits: what the last one still sets off, in either builder, is not to fall into the next."""
PATIENCE = 600.0
"""Seconds after which a builder that shows nothing is taken to have failed."""


class Unseen(Exception):
    """A change that was never shown."""


def watch(trees: Trees, edits: int) -> dict[str, list[float]]:
    """Seconds of each edit for `hugo --watch` and `portal serve`, in turn, after one to warm up that is not counted: of a
    text, and, under names that end in -title, of a title."""
    with _hugo(trees) as hugo, _portal(trees) as portal:
        seconds: dict[str, list[float]] = {}
        for number in range(edits + 1):
            at = len(trees.found) // 2 + number if number % 2 else trees.number - 1
            for kind, change_one in (("", trees.edit), ("-title", trees.retitle)):
                for name, tree, look in (("hugo-watch", "hugo", hugo), ("portal-serve", "portal", portal)):
                    time.sleep(QUIET)
                    begun = time.monotonic()
                    change = change_one(at, only=(tree,))
                    _until(lambda c=change, seen=look: c.words.encode() in seen(c.path), f"{name}: {change.path}")  # type: ignore[misc]
                    if number:
                        seconds.setdefault(name + kind, []).append(time.monotonic() - begun)
    return seconds


@contextmanager
def _hugo(trees: Trees) -> Iterator[Callable[[str], bytes]]:
    out = trees.out("hugo-watch")
    command: list[str | Path] = [hugo_binary(), "--watch", "-d", out, "--quiet"]
    with _running(command, trees.folder("hugo")):
        _until((out / "sitemap.xml").is_file, "hugo --watch")
        time.sleep(1.0)  # it begins to watch when it has built
        yield lambda path: _read(out / path)


@contextmanager
def _portal(trees: Trees) -> Iterator[Callable[[str], bytes]]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with _running([BIN / "portal", "serve", "--port", str(port)], trees.folder("portal")):
        asking = _Asking(port)
        _until(lambda: b"<html" in asking("index.html"), "portal serve")
        time.sleep(1.0)
        yield asking


class _Asking:
    """Asks a server on loopback for a page, over one connection as long as it lasts; empty while nobody answers."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def __call__(self, path: str) -> bytes:
        try:
            self._connection.request("GET", f"/{path}")
            answer = self._connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return b""
        return data if answer.status == 200 else b""


@contextmanager
def _running(command: Sequence[str | Path], cwd: Path) -> Iterator[None]:
    running = subprocess.Popen(
        list(map(str, command)), cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
        if running.poll() is not None:
            raise Unseen(f"{command[0]} has ended with {running.returncode}")
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGTERM)
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def _until(shown: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not shown():
        if time.monotonic() > end:
            raise Unseen(f"not shown within {PATIENCE:.0f} s: {what}")
        time.sleep(PAUSE)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""

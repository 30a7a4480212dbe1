"""The editors' server: headers of production, loopback only, no way out of its folder, live reload, problems shown."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tiny import TinySite

from portal.build.sources import SourceChanged
from portal.build.staging import Staging
from portal.cli.preview import Preview
from portal.serve.server import CSP, HEADERS, LoopbackServer


@dataclass
class Folder:
    """A folder that never changes unless a test says so."""

    folder: Path
    version: int = 1
    live = True

    def __post_init__(self) -> None:
        self.changed = threading.Condition()

    def state(self) -> dict[str, object]:
        """The version, nothing else."""
        return {"version": self.version, "built": self.version, "problems": []}

    def wait(self, version: int, seconds: float) -> None:
        """Wait for another version."""
        with self.changed:
            self.changed.wait_for(lambda: self.version != version, timeout=seconds)

    def change(self) -> None:
        """Show a new version."""
        with self.changed:
            self.version += 1
            self.changed.notify_all()


class Running:
    """A server in a thread, and requests to it."""

    def __init__(self, shown: Folder | Preview) -> None:
        self.shown = shown
        self.server = LoopbackServer(0, shown)
        self.port = self.server.port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def get(self, path: str, host: str | None = None, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer to the path exactly as written."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.putrequest(method, path, skip_host=True)
            connection.putheader("Host", host or f"localhost:{self.port}")
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A server over a small folder, with a secret beside it."""
    site = tmp_path / "site"
    for path, text in {
        "site/index.html": "<html><body><p>首页</p></body></html>",
        "site/404.html": "<html><body>页面不存在</body></html>",
        "site/a/index.html": "<html><body>a</body></html>",
        "site/feeds/all.atom.xml": "<feed/>",
        "site/feeds/all.rss.xml": "<rss/>",
        "site/data/x.json": "{}",
        "site/files/0/附件 一.pdf": "%PDF-",
        "secret.txt": "secret",
    }.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    running = Running(Folder(site))
    yield running
    running.close()


@pytest.mark.parametrize(
    "path", ["/", "/a/", "/nowhere", "/data/x.json", "/files/0/%E9%99%84%E4%BB%B6%20%E4%B8%80.pdf", "/_portal/state"]
)
def test_every_answer_has_the_headers_of_production(running: Running, path: str) -> None:
    """Pages, files, errors and the state carry the Content-Security-Policy and the other headers, and are not cached."""
    _, headers, _ = running.get(path)
    for name, value in HEADERS.items():
        assert headers[name] == value
    assert headers["Cache-Control"] == "no-store"


def test_the_policy_is_the_designs() -> None:
    """Scripts, styles and everything else come from the site itself; only WebAssembly for the search is added."""
    for part in ("default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'"):
        assert part in [each.strip() for each in CSP.split(";")]
    assert "unsafe-inline" not in CSP
    assert HEADERS["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/feeds/all.atom.xml", "application/atom+xml"),
        ("/feeds/all.rss.xml", "application/rss+xml"),
        ("/data/x.json", "application/json; charset=utf-8"),
        ("/files/0/%E9%99%84%E4%BB%B6%20%E4%B8%80.pdf", "application/pdf"),
    ],
)
def test_files_have_their_types(running: Running, path: str, kind: str) -> None:
    """Each file is served with its media type."""
    status, headers, _ = running.get(path)
    assert (status, headers["Content-Type"]) == (200, kind)


def test_a_missing_page_is_404_with_the_sites_own_page(running: Running) -> None:
    """What is not there is status 404, with the site's page for it."""
    status, _, body = running.get("/nowhere/")
    assert status == 404
    assert "页面不存在" in body.decode()


def test_before_the_first_build_there_is_a_page_to_wait_on(tmp_path: Path) -> None:
    """Without any site the answer is a 404 page that reloads itself when there is one."""
    running = Running(Folder(tmp_path / "nothing"))
    try:
        status, _, body = running.get("/")
    finally:
        running.close()
    assert status == 404
    assert b"/_portal/live.js" in body


def test_a_folder_without_slash_is_redirected(running: Running) -> None:
    """/a leads to /a/ and keeps the query."""
    status, headers, _ = running.get("/a?q=1")
    assert (status, headers["Location"]) == (301, "/a/?q=1")


def test_a_redirect_never_leaves_the_server(running: Running) -> None:
    """A path that begins with two slashes is not redirected to a host of that name."""
    status, headers, _ = running.get("//a")
    assert status != 301 or not headers["Location"].startswith("//")


def test_pages_reload_themselves_and_files_on_disk_stay(running: Running) -> None:
    """The live-reload script is put into pages as they are served, and not into the built files."""
    _, _, body = running.get("/a/")
    assert body.count(b'<script src="/_portal/live.js" defer></script>') == 1
    assert isinstance(running.shown, Folder)
    assert b"_portal" not in (running.shown.folder / "a/index.html").read_bytes()
    for name in ("live.js", "live.css"):
        assert running.get(f"/_portal/{name}")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/a/../../secret.txt", "/a/%2e%2e/%2e%2e/secret.txt",
        "//../secret.txt", "/%2e%2e%2fsecret.txt", "/..\\secret.txt", "/_portal/../../secret.txt", "/%00", "/a/%00/../x",
        "/....//secret.txt", "/_portal/server.py", "/_portal/../server.py",
    ],
)  # fmt: skip
def test_nothing_outside_the_folder_is_served(running: Running, path: str) -> None:
    """No spelling of `..` leads out of the site's folder, and the server's own source is not served."""
    status, _, body = running.get(path)
    assert status in {400, 404}
    assert b"secret" not in body
    assert b"import" not in body


def test_an_absolute_path_is_below_the_folder(running: Running, tmp_path: Path) -> None:
    """A full path of the machine means nothing to the server."""
    assert running.get(str(tmp_path / "secret.txt"))[0] == 404
    assert running.get("/" + str(tmp_path / "secret.txt"))[0] == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0"]
)
@pytest.mark.parametrize("path", ["/", "/_portal/state", "/_portal/events"])
def test_a_foreign_host_name_is_refused(running: Running, host: str, path: str) -> None:
    """A name that another site points at 127.0.0.1 (DNS rebinding) gets nothing of the drafts."""
    status, _, body = running.get(path, host)
    assert status == 403
    assert "首页" not in body.decode()


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:9"])
def test_the_machines_own_names_are_served(running: Running, host: str) -> None:
    """localhost and 127.0.0.1 with any port are the editor's own browser."""
    assert running.get("/", host)[0] == 200


def test_only_loopback_listens(running: Running) -> None:
    """The server is bound to 127.0.0.1; another address of the machine refuses the connection."""
    assert running.server.server_address[0] == "127.0.0.1"
    with socket.socket() as other:
        other.settimeout(1)
        assert other.connect_ex(("127.0.0.2", running.port)) != 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_taken(running: Running, method: str) -> None:
    """The server only shows: other methods than GET and HEAD are not implemented."""
    assert running.get("/", method=method)[0] == 501


def test_head_has_the_length_and_no_body(running: Running) -> None:
    """HEAD answers with the headers of GET alone."""
    (status, headers, body), (_, full, text) = running.get("/", method="HEAD"), running.get("/")
    assert (status, body) == (200, b"")
    assert headers["Content-Length"] == full["Content-Length"] == str(len(text))


def test_head_of_the_live_channel_comes_back(running: Running) -> None:
    """HEAD of the live-reload channel ends at once and has no body."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=2) as raw:
        raw.sendall(b"HEAD /_portal/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b""
        while piece := raw.recv(4096):
            answer += piece
    assert answer.endswith(b"\r\n\r\n")


def test_a_change_is_told_at_once(running: Running) -> None:
    """The live-reload channel tells the state now and again when it changes, without being asked."""
    assert isinstance(running.shown, Folder)
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
    try:
        connection.request("GET", "/_portal/events", headers={"Host": "localhost"})
        answer = connection.getresponse()
        assert answer.getheader("Content-Type") == "text/event-stream"
        assert json.loads(answer.fp.readline().removeprefix(b"data: "))["version"] == 1
        answer.fp.readline()
        start = time.monotonic()
        running.shown.change()
        assert json.loads(answer.fp.readline().removeprefix(b"data: "))["version"] == 2
        assert time.monotonic() - start < 1
    finally:
        connection.close()


def _state(preview: Preview) -> tuple[int, int, list[str]]:
    state = json.loads(json.dumps(preview.state()))
    return state["version"], state["built"], [problem["path"] for problem in state["problems"]]


def test_a_preview_follows_edits_and_shows_problems(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit is a new build; a mistake leaves the last good page and tells its place; mending it builds again."""
    monkeypatch.chdir(tiny.root)
    tiny.news("n", "第一稿。", 发布日期="2024-03-06 10:00")
    tiny.news("draft", "草稿文。", 状态="草稿", 发布日期="2024-03-06 10:00")
    preview = Preview(tiny.root)
    preview.rebuild()
    assert _state(preview) == (1, 1, [])
    page = preview.folder / "news/n/index.html"
    assert "第一稿" in page.read_text(encoding="utf-8")
    draft = (preview.folder / "news/draft/index.html").read_text(encoding="utf-8")
    assert "草稿文" in draft
    assert "预览" in draft
    assert "noindex" in draft
    tiny.news("n", "第二稿。", 发布日期="2024-03-06 10:00")
    preview.rebuild()
    assert _state(preview) == (2, 2, [])
    assert "第二稿" in page.read_text(encoding="utf-8")
    path = tiny.news("n", "第三稿。", 发布日期="昨天")
    preview.rebuild()
    assert _state(preview) == (3, 2, ["content/news/n.md"])
    state = json.loads(json.dumps(preview.state()))
    line = path.read_text(encoding="utf-8").splitlines()[state["problems"][0]["line"] - 1]
    assert line.startswith("发布日期")
    assert state["problems"][0]["remedy"]
    assert "第二稿" in page.read_text(encoding="utf-8")
    tiny.news("n", "第三稿。", 发布日期="2024-03-06 10:00")
    preview.rebuild()
    assert _state(preview) == (4, 3, [])
    assert not tiny.output.exists()
    assert not (tiny.root / "releases").exists()


def test_a_text_that_was_saved_is_shown_at_once_and_loaded_once(
    tiny: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers load the page once: the whole build that follows finds it as it is. A changed title loads them after it."""
    monkeypatch.chdir(tiny.root)
    tiny.news("n", "第一稿。", 发布日期="2024-03-06 10:00")
    preview = Preview(tiny.root)
    preview.rebuild()
    path = tiny.news("n", "第二稿。", 发布日期="2024-03-06 10:00")
    built: list[int] = []
    tell = preview._tell_readers
    monkeypatch.setattr(preview, "_tell_readers", lambda count, problems: (built.append(count), tell(count, problems)))
    preview.rebuild({path})
    assert built == [1, 0]
    assert "第二稿" in (preview.folder / "news/n/index.html").read_text(encoding="utf-8")
    path = tiny.news("n", "第二稿。", 标题="新题目", 发布日期="2024-03-06 10:00")
    preview.rebuild({path})
    assert built == [1, 0, 1]
    assert "新题目" in (preview.folder / "index.html").read_text(encoding="utf-8")


def test_what_was_begun_and_not_finished_is_not_taken_for_the_site(
    tiny: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attachment that changes while the site is written stops it half-way; the title that was being shown is taken back,
    and nothing of it stays."""
    monkeypatch.chdir(tiny.root)
    tiny.file("a.pdf")
    tiny.news("n", 发布日期="2024-03-06 10:00")
    preview = Preview(tiny.root)
    preview.rebuild()
    tiny.news("n", 标题="未成的题目", 发布日期="2024-03-06 10:00", 附件=[{"文件": "a.pdf", "标题": "附件"}])
    with monkeypatch.context() as changing:

        def changed(staging: Staging, path: str, *_: object) -> None:
            raise SourceChanged(path)

        changing.setattr(Staging, "copy", changed)
        preview.rebuild()
    assert _state(preview)[2] == ["content/files/a.pdf"]
    tiny.news("n", 发布日期="2024-03-06 10:00")
    preview.rebuild()
    assert _state(preview)[2] == []
    assert [path for path in preview.folder.rglob("*.html") if "未成的题目" in path.read_text("utf-8")] == []


def test_a_public_preview_shows_no_drafts(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve --public` shows what the public sees: no draft, no mark."""
    monkeypatch.chdir(tiny.root)
    tiny.news("n", 发布日期="2024-03-06 10:00")
    tiny.news("draft", 状态="草稿", 发布日期="2024-03-06 10:00")
    preview = Preview(tiny.root, drafts=False)
    preview.rebuild()
    assert _state(preview) == (1, 1, [])
    assert not (preview.folder / "news/draft").exists()
    assert "preview-bar" not in (preview.folder / "index.html").read_text(encoding="utf-8")


def test_whatever_goes_wrong_the_server_stays_up(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the program itself is shown as a problem; the preview goes on."""
    monkeypatch.chdir(tiny.root)
    tiny.news("n", 发布日期="2024-03-06 10:00")
    settings = (tiny.root / "pelicanconf.py").read_text(encoding="utf-8")
    tiny.write("pelicanconf.py", settings + "\nPLUGINS = ['nothing_of_that_name']\n")
    preview = Preview(tiny.root)
    preview.rebuild()
    assert _state(preview) == (1, 0, ["."])


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_rebuilds_when_a_file_is_saved(tiny: TinySite, ending: signal.Signals) -> None:
    """`portal serve` shows the site with drafts on loopback, a saved edit appears without being asked for, and Ctrl+C or a
    supervisor ends it in good order, also where it was started in the background of a shell that ignores SIGINT."""
    tiny.news("n", "第一稿。", 状态="草稿", 发布日期="2024-03-06 10:00")
    command = [str(Path(sys.executable).with_name("portal")), "serve", "--port", "0"]
    environment = os.environ | {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    background = ["bash", "-c", "trap '' INT; exec \"$@\"", "bash", *command]
    with subprocess.Popen(
        background, cwd=tiny.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline().decode()
            port = int(line.split("localhost:")[1].split()[0])

            def get(path: str) -> str:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                try:
                    connection.request("GET", path)
                    return connection.getresponse().read().decode()
                finally:
                    connection.close()

            assert "第一稿" in get("/news/n/")
            time.sleep(0.5)  # the watcher starts beside the server
            tiny.news("n", "第二稿。", 状态="草稿", 发布日期="2024-03-06 10:00")
            deadline = time.monotonic() + 10
            while json.loads(get("/_portal/state"))["built"] < 2 and time.monotonic() < deadline:
                time.sleep(0.05)
            assert "第二稿" in get("/news/n/")
        finally:
            process.send_signal(ending)
            try:
                assert process.wait(timeout=10) == 0
            finally:
                process.kill()


def test_a_preview_tells_a_file_name_that_is_no_utf8(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem that names a file whose name is not UTF-8 can be sent to the browser."""
    monkeypatch.chdir(tiny.root)
    tiny.news("n", 附件=[{"文件": "report-2026-1.pdf", "标题": "甲"}], 发布日期="2024-03-06 10:00")
    with open(os.fsencode(tiny.root / "content/files") + b"/report-2026-\xb9.pdf", "wb") as file:
        file.write(b"%PDF-")
    preview = Preview(tiny.root)
    preview.rebuild()
    assert "report-2026-?.pdf" in json.dumps(preview.state(), ensure_ascii=False).encode().decode()


def test_a_text_saved_by_renaming_is_shown_though_another_record_is_wrong(
    tiny: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many editors write a file beside and rename it: both names are told. The mistake elsewhere stops only the whole build."""
    monkeypatch.chdir(tiny.root)
    tiny.news("wrong", 发布日期="2024-03-06 10:00")
    tiny.news("n", "第一稿。", 发布日期="2024-03-06 10:00")
    preview = Preview(tiny.root)
    preview.rebuild()
    preview.rebuild({tiny.news("wrong", 发布日期="昨天")})
    saved = tiny.news("n", "第二稿。", 发布日期="2024-03-06 10:00")
    preview.rebuild({saved, saved.with_name("sedX1a2b")})
    assert "第二稿" in (preview.folder / "news/n/index.html").read_text(encoding="utf-8")
    assert _state(preview)[2] == ["content/news/wrong.md"]

"""A build can be trusted: what fails stops everything with a sentence, and the published site stays as it was."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pelican.plugins
import pytest
from click.testing import CliRunner, Result
from lxml import html
from site_model.making import LATER
from tiny import NOW, TinySite

import portal
from portal import clock
from portal.build import ledger
from portal.build.engine import PluginMissing
from portal.cli import main
from portal.problems import ProblemsFound, Severity

DATED = {"发布日期": "2024-03-06 10:00"}
"""Older than any clock that a test may run under: commands in processes of their own read the real one."""

COMMANDS = {
    "pelican": [sys.executable, "-m", "pelican", "content", "-s", "publishconf.py"],
    "portal": [str(Path(sys.executable).with_name("portal")), "build"],
}


def _state(tiny: TinySite) -> dict[str, object]:
    """The published site to the inode: the link, and of every file its inode and bytes; and which releases there are."""
    found: dict[str, object] = {"link": os.readlink(tiny.output) if tiny.output.is_symlink() else None}
    for path in sorted(tiny.output.rglob("*")):
        if path.is_file():
            found[str(path.relative_to(tiny.output))] = (path.stat().st_ino, path.read_bytes())
    releases = tiny.root / "releases"
    found["releases"] = sorted(p.name for p in releases.iterdir() if p.name != ".lock") if releases.exists() else []
    return found


def _run(tiny: TinySite, command: str, **environment: str) -> tuple[int, str]:
    """The exit code of a command in a process of its own, and everything it said without the line breaks of a terminal."""
    done = subprocess.run(
        COMMANDS[command],
        cwd=tiny.root,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONUTF8": "1"} | environment,
    )
    return done.returncode, re.sub(r"\s+", "", (done.stdout + done.stderr).decode())


@pytest.fixture
def published(tmp_path: Path) -> TinySite:
    """A small site that has been published."""
    tiny = TinySite(tmp_path / "site")
    tiny.news("n", **DATED)
    tiny.build()
    return tiny


def _with_plugin(tiny: TinySite, text: str) -> None:
    tiny.write("local/office_plugin.py", text)
    settings = (tiny.root / "pelicanconf.py").read_text(encoding="utf-8")
    more = '\nimport sys\nsys.path.insert(0, os.path.join(_HERE, "local"))\nPLUGINS = [*PLUGINS, "office_plugin"]\n'
    tiny.write("pelicanconf.py", settings + more)


def _empty(tiny: TinySite) -> None:
    (tiny.root / "content/news/n.md").unlink()


FAILURES = {
    "does not import": (
        lambda tiny: _with_plugin(tiny, "import nothing_of_that_name\n"),
        "插件没有装上：office_plugin",
    ),
    "does not register": (
        lambda tiny: _with_plugin(tiny, "def register():\n    raise RuntimeError\n"),
        "插件没有装上：office_plugin",
    ),
    "does not read": (
        lambda tiny: tiny.write("content/news/m.md", "---\n标题: 甲\n状态: 公布\n---\n文\n"),
        "content/news/m.md:3:",
    ),
    "empty": (_empty, "没有一条记录，不生成空网站"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_what_fails_stops_with_its_sentence(published: TinySite, failure: str) -> None:
    """A broken plugin, an unreadable record, an empty content/: exit code, sentence, and not an inode changed, by both."""
    before = _state(published)
    change, sentence = FAILURES[failure]
    change(published)
    for command in COMMANDS:
        code, said = _run(published, command)
        assert code == 1
        assert sentence in said
        assert _state(published) == before
        if command == "portal" and failure in {
            "does not read",
            "empty",
        }:  # Pelican logs a traceback; an editor sees none
            assert "Traceback" not in said


def test_a_right_site_is_built_by_both(published: TinySite) -> None:
    """Without a fault both commands publish a new release and exit with 0."""
    for number, command in enumerate(COMMANDS, start=2):
        published.news(f"m{number}", **DATED)
        code, said = _run(published, command)
        assert code == 0, said
        assert os.readlink(published.output) == f"releases/{number}"
        assert (published.output / f"news/m{number}/index.html").is_file()


def test_a_first_build_that_fails_publishes_nothing(tiny: TinySite) -> None:
    """Where there was no site, a failed build leaves none: no empty output folder."""
    code, _ = _run(tiny, "pelican")
    assert code == 1
    assert not tiny.output.exists()
    assert not tiny.output.is_symlink()


def test_another_folder_does_not_lend_its_settings(tmp_path: Path) -> None:
    """A site built from the folder of another site is published at home: the other's output is not touched."""
    one, other = TinySite(tmp_path / "one"), TinySite(tmp_path / "other")
    for tiny, name in ((one, "first"), (other, "second")):
        tiny.news(name, **DATED)
    other.build()
    before = _state(other)
    command = [sys.executable, "-m", "pelican", str(one.root / "content"), "-s", str(one.root / "publishconf.py")]
    subprocess.run(command, cwd=other.root, capture_output=True, check=False, env=os.environ | {"PYTHONUTF8": "1"})
    assert _state(other) == before
    assert (one.output / "news/first/index.html").is_file()


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real clock stands at the tests' clock, for commands run within this process."""
    monkeypatch.setattr(clock, "read", lambda: NOW)


def _command(tiny: TinySite, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """A `portal` command within this process, in the site's folder."""
    monkeypatch.chdir(tiny.root)
    monkeypatch.setattr(sys, "path", [str(tiny.root), *sys.path])
    monkeypatch.delitem(sys.modules, "pelicanconf", raising=False)
    try:
        return CliRunner().invoke(main, list(words))
    finally:
        sys.modules.pop("pelicanconf", None)


def _pelican(tiny: TinySite, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.chdir(tiny.root)
    monkeypatch.setattr(sys, "path", [str(tiny.root), *sys.path])
    monkeypatch.delitem(sys.modules, "pelicanconf", raising=False)
    try:
        pelican.main(["content", "-s", "publishconf.py", *words])
    finally:
        sys.modules.pop("pelicanconf", None)


def _fill(tiny: TinySite) -> TinySite:
    tiny.entry("a", 施行日期="2026-12-01")
    tiny.entry("later", **LATER)
    tiny.news("n")
    tiny.interpretation("i", "a")
    tiny.page("p")
    tiny.news("gone", 状态="已撤回", 撤回日期="2026-06-01 09:00", 撤回原因="错")
    return tiny


@pytest.mark.usefixtures("frozen")
def test_pelican_and_portal_build_the_same_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pelican content -s publishconf.py` and `portal build` give the same tree at the same clock, to the byte."""
    one, other = (_fill(TinySite(tmp_path / name / "site")) for name in ("one", "other"))
    _pelican(one, monkeypatch)
    result = _command(other, monkeypatch, "build")
    assert result.exit_code == 0, result.output
    assert one.output.is_symlink()
    assert other.output.is_symlink()
    assert one.tree() == other.tree()
    assert "news/n/index.html" in one.tree()


@pytest.mark.usefixtures("frozen")
def test_pelican_elsewhere_publishes_nothing(
    published: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`pelican … -o DIR` writes a plain folder and leaves the published site alone."""
    before = _state(published)
    published.news("m", **DATED)
    _pelican(published, monkeypatch, "-o", str(tmp_path / "beside"))
    assert (tmp_path / "beside/news/m/index.html").is_file()
    assert not (tmp_path / "beside").is_symlink()
    assert _state(published) == before


@pytest.mark.usefixtures("frozen")
def test_rollback_shows_the_site_before(published: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """`portal rollback` publishes the release before; with none before it says so and changes nothing."""
    first = published.tree()
    published.news("m", **DATED)
    assert _command(published, monkeypatch, "build").exit_code == 0
    result = _command(published, monkeypatch, "rollback")
    assert result.exit_code == 0, result.output
    assert published.tree() == first
    before = _state(published)
    result = _command(published, monkeypatch, "rollback")
    assert result.exit_code == 1
    assert "没有更早的版本" in result.output
    assert _state(published) == before


@pytest.mark.usefixtures("frozen")
def test_builds_keep_three_releases_and_their_links(published: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """After five builds three releases are there, what did not change is one inode in all, and output is a link."""
    for number in range(4):
        published.news(f"m{number}", **DATED)
        assert _command(published, monkeypatch, "build").exit_code == 0
        assert published.output.is_symlink()
    releases = sorted(path for path in (published.root / "releases").iterdir() if path.name.isdigit())
    assert [path.name for path in releases] == ["3", "4", "5"]
    for path in ("robots.txt", "news/n/index.json", "404.html"):
        assert len({(release / path).stat().st_ino for release in releases}) == 1


FUTURE = "2026-12-02 09:00"


@pytest.mark.usefixtures("frozen")
def test_a_future_site_needs_another_folder(published: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--at` in the future without --output, or with the published folder or a release, is refused."""
    before = _state(published)
    for words in (
        (),
        ("--output", "output"),
        ("--output", "output/x"),
        ("--output", "releases/9"),
        ("--output", str(published.output)),
        ("--output", str(published.output.resolve())),
        ("--output", "content/../output"),
    ):
        result = _command(published, monkeypatch, "build", "--at", FUTURE, *words)
        assert result.exit_code != 0, words
        assert "--output" in result.output
    assert _state(published) == before


@pytest.mark.usefixtures("frozen")
def test_a_future_site_is_marked_on_every_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page of a future site shows 预览 and is noindex, robots are kept out, and what is due by then is there."""
    tiny = _fill(TinySite(tmp_path / "site"))
    tiny.build()
    before = _state(tiny)
    result = _command(tiny, monkeypatch, "build", "--at", FUTURE, "--output", str(tmp_path / "future"))
    assert result.exit_code == 0, result.output
    pages = sorted((tmp_path / "future").rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        root = html.fromstring(page.read_bytes())
        assert root.xpath("//meta[@name='robots']/@content") == ["noindex"], page
        assert f"预览：{FUTURE} 的网站" in root.text_content(), page
    assert (tmp_path / "future/robots.txt").read_text() == "User-agent: *\nDisallow: /\n"
    assert (tmp_path / "future/entries/later/index.html").is_file()
    assert _state(tiny) == before


@pytest.mark.usefixtures("frozen")
def test_a_past_or_present_site_is_not_marked(
    published: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--at` now is the public site: no mark, no noindex."""
    moment = clock.format_minute(NOW)
    assert _command(published, monkeypatch, "build", "--at", moment, "--output", str(tmp_path / "now")).exit_code == 0
    assert published.tree(tmp_path / "now") == published.tree()


@pytest.mark.usefixtures("frozen")
def test_a_folder_with_other_things_is_left_alone(
    published: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--output` of a folder that holds something else is refused; one that holds an earlier site is replaced whole."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("x")
    result = _command(published, monkeypatch, "build", "--output", str(mine))
    assert result.exit_code == 1
    assert [path.name for path in mine.iterdir()] == ["letter.txt"]
    site = tmp_path / "again"
    for _ in range(2):
        assert _command(published, monkeypatch, "build", "--output", str(site)).exit_code == 0
        assert not (site / "left.html").exists()
        (site / "left.html").write_text("x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "mine", "site"]


@pytest.mark.usefixtures("frozen")
def test_an_output_that_is_a_file_is_refused_with_a_sentence(
    published: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--output` of an existing file is told as a mistake, not as a traceback, and the file stays."""
    (tmp_path / "letter.txt").write_text("x")
    result = _command(published, monkeypatch, "build", "--output", str(tmp_path / "letter.txt"))
    assert result.exit_code in {1, 2}
    assert isinstance(result.exception, SystemExit), result.exception
    assert (tmp_path / "letter.txt").read_text() == "x"


@pytest.mark.usefixtures("frozen")
def test_diff_lists_pages_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--diff`, of a future moment too, lists what would appear, change and leave, and writes nothing but what it read into the cache."""
    tiny = _fill(TinySite(tmp_path / "site"))
    tiny.page("left", 位置="机构职能")
    tiny.build()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    tiny.news("new")
    (tiny.root / "content/pages/left.md").unlink()

    def everything() -> dict[str, tuple[int, int]]:
        found = [path for path in tmp_path.rglob("*") if not {"__pycache__", ".cache"} & set(path.parts)]
        return {str(path): (path.lstat().st_ino, path.lstat().st_mtime_ns) for path in found}

    before = everything()
    result = _command(tiny, monkeypatch, "build", "--diff", "--at", FUTURE)
    assert result.exit_code == 0, result.output
    lines = set(result.output.splitlines())
    assert {"+ /news/new/", "+ /entries/later/", "- /pages/left/", "~ /entries/a/", "~ /"} <= lines
    assert "~ /news/gone/" not in lines  # nothing about a tombstone changes by a clock
    assert everything() == before


@pytest.mark.usefixtures("frozen")
def test_publish_needs_its_list(published: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """`portal publish` without published.tsv stops with the way to get it back, and publishes nothing."""
    before = _state(published)
    (published.root / ledger.PATH).unlink()
    result = _command(published, monkeypatch, "publish", "--no-commit")
    assert result.exit_code == 1
    assert "published.tsv" in result.output
    assert _state(published) == before


@pytest.mark.usefixtures("frozen")
def test_publish_keeps_its_list(published: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """`portal publish` builds, checks, swaps, and writes every promised address into published.tsv."""
    published.news("m", **DATED)
    result = _command(published, monkeypatch, "publish", "--no-commit")
    assert result.exit_code == 0, result.output
    promises, problems = ledger.parse((published.root / ledger.PATH).read_text(encoding="utf-8"))
    assert not problems
    assert {"/", "/news/n/", "/news/m/", "/feeds/all.atom.xml"} <= set(promises)
    assert (published.output / "news/m/index.html").is_file()
    (published.root / "content/news/m.md").unlink()
    before = _state(published)
    result = _command(published, monkeypatch, "publish", "--no-commit")
    assert result.exit_code == 1
    assert "/news/m/" in result.output
    assert _state(published) == before


def test_outside_a_site_a_command_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that is no site, `portal build` says what to do."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["build"])
    assert result.exit_code == 1
    assert "portal init" in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_plugin_given_by_its_short_name_is_no_missing_plugin(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A namespace plugin may be named without `pelican.plugins.`, as Pelican allows; it is installed, and not refused."""
    folder = tiny.root / "namespace"
    tiny.write("namespace/office_namespace/__init__.py", "def register():\n    pass\n")
    monkeypatch.setattr(pelican.plugins, "__path__", [*pelican.plugins.__path__, str(folder)])
    tiny.news("n")
    settings = (tiny.root / "pelicanconf.py").read_text(encoding="utf-8")
    tiny.write("pelicanconf.py", settings + '\nPLUGINS = [*PLUGINS, "office_namespace"]\n')
    try:
        tiny.portal()
    finally:
        sys.modules.pop("pelican.plugins.office_namespace", None)


def test_an_office_switches_a_step_off(tiny: TinySite) -> None:
    """Without its line in PLUGINS an output is not made, also after another run in the same process that made it."""
    tiny.news("n")
    tiny.build()
    assert (tiny.output / "data/catalog.json").is_file()
    names = ["portal.pages", "portal.outputs.feeds", "portal.outputs.sitemap", "portal.outputs.search"]
    tiny.build(PLUGINS=names)
    assert not (tiny.output / "data/catalog.json").exists()
    assert (tiny.output / "feeds/all.atom.xml").is_file()


def test_without_page_families_there_is_no_site(published: TinySite) -> None:
    """When PLUGINS plans no page at all, nothing is published."""
    before = _state(published)
    with pytest.raises(ProblemsFound, match="没有一个页面"):
        published.build(PLUGINS=["portal.outputs.sitemap"])
    assert _state(published) == before


def test_a_plugin_that_is_not_there_is_named(tiny: TinySite) -> None:
    """The sentence names every plugin that did not load, and no other."""
    tiny.news("n")
    with pytest.raises(PluginMissing, match="没有装上：nothing_one、nothing_two。"):
        tiny.portal(PLUGINS=["nothing_one", "portal.pages", "nothing_two"])


def test_the_theme_and_plugins_come_from_the_package() -> None:
    """A site in another folder needs no copy of the theme: it stands where the package does."""
    assert (portal.HOME / "theme" / "templates" / "base.html").is_file()


def test_a_development_build_reminds_of_a_lost_address(tiny: TinySite) -> None:
    """`portal build` swaps without keeping promises, but says which published address it would lose."""
    tiny.page("about")
    tiny.write("catalog/published.tsv", f"{ledger.HEADER}\n/news/gone/\tnews/gone\t2026-03-06T10:00+08:00\t-\n")
    (told,) = [problem for problem in tiny.build().problems if problem.code == "promise"]
    assert told.severity is Severity.REMIND
    assert "/news/gone/" in told.what

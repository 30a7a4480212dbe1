"""What was found wrong with incremental builds, each as the smallest case of it."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tiny import NOW

from build.comparing import Pair
from portal import HOME
from portal.build import version
from portal.build.fingerprints import Fingerprints, closure
from portal.build.manifest import read
from portal.build.sources import PATH as SOURCES
from portal.outputs import search
from portal.pages.parts import Page
from portal.problems import ProblemsFound


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """A site of two records and its clean copy, built once."""
    pair = Pair(tmp_path)
    pair.site.entry("one")
    pair.site.news("two")
    return pair


# ── templates ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "names",
    ['"components/" ~ part ~ ".html"', '"components/a.html" if part else "components/b.html"'],
    ids=["concatenated", "conditional"],
)
def test_a_name_that_begins_with_a_string_may_mean_any_template(names: str) -> None:
    """`{% include "a" ~ b %}` begins with a string and is none: any template may be meant."""
    templates = {"x.html": f"{{% include {names} %}}", "components/a.html": "1", "components/b.html": "1"}
    assert dict(closure("x.html", templates)) == templates


def test_a_changed_template_that_is_included_by_a_computed_name_is_seen(pair: Pair) -> None:
    """A site's own template includes a part by a name that is put together; the part changes."""
    base = (HOME / "theme/templates/base.html").read_text("utf-8")
    part = '{% set part = "office" %}{% include "components/" ~ part ~ ".html" %}'
    pair.site.write("theme/templates/base.html", base.replace("</body>", f"{part}</body>"))
    pair.site.write("theme/templates/components/office.html", "<p>one</p>")
    pair.compare()
    pair.site.write("theme/templates/components/office.html", "<p>two</p>")
    pair.compare()


def test_two_templates_that_may_include_any_are_not_the_same(pair: Pair) -> None:
    """Which template a page has is part of its fingerprint, where both depend on the same sources, too."""
    portal = pair.site.portal()
    view = portal.prepare(NOW).pages[0].view
    templates = {name: "{% include view.chrome.organ %}" + name for name in ("a.html", "b.html")}
    fingerprints = Fingerprints(templates, portal.settings, portal.root)
    assert fingerprints.of(Page("x", "a.html", view)) != fingerprints.of(Page("x", "b.html", view))


# ── the site's own code ─────────────────────────────────────────────────────


def test_a_filter_in_a_folder_of_the_site_is_its_code(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """pelicanconf.py takes a filter from a package beside it; the package changes, and so do the pages."""
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    settings = (HOME / "pelicanconf.py").read_text("utf-8")
    settings += (
        "\nimport sys\nsys.path.insert(0, _HERE)\nfor _name in [n for n in sys.modules if n.split('.')[0] == 'office']:\n"
        "    del sys.modules[_name]\nfrom office.filters import day as _day\nsys.path.remove(_HERE)\n"
        "JINJA_FILTERS = FILTERS | {'day': _day}\n"
    )
    pair.site.write("pelicanconf.py", settings)
    pair.site.write("office/__init__.py", "")
    pair.site.write("office/filters.py", "def day(value):\n    return 'on ' + str(value)\n")
    pair.compare()
    pair.site.write("office/filters.py", "def day(value):\n    return 'of ' + str(value)\n")
    pair.compare()


def test_a_module_beside_a_plugin_is_the_sites_code(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin in a package of the site takes what it writes from a module beside it, which changes."""
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    settings = (HOME / "pelicanconf.py").read_text("utf-8")
    settings += (
        "\nimport sys\nfor _name in [n for n in sys.modules if n.split('.')[0] == 'bureau']:\n    del sys.modules[_name]\n"
        "sys.path.insert(0, _HERE)\nimport bureau.plugin\nsys.path.remove(_HERE)\nPLUGINS = [*PLUGINS, 'bureau.plugin']\n"
    )
    plugin = (
        "from portal import signals\nfrom portal.build.made import Made\nfrom bureau import words\n"
        "def make(value):\n    return words.SAID\n"
        "def plan(build, *, site, files):\n    files.append(Made('bureau.txt', make, 1))\n"
        "def register():\n    signals.files_planned.connect(plan)\n"
    )
    pair.site.write("pelicanconf.py", settings)
    pair.site.write("bureau/__init__.py", "")
    pair.site.write("bureau/plugin.py", plugin)
    pair.site.write("bureau/words.py", "SAID = b'one'\n")
    pair.compare()
    pair.site.write("bureau/words.py", "SAID = b'two'\n")
    pair.compare()


def test_who_calls_is_not_the_sites_code(pair: Pair) -> None:
    """The same site built by `portal` and by another program that calls it: the second build has nothing to make."""
    program = pair.site.root.parent / "program.py"
    program.write_text("from portal.cli import main\nmain(['build', '--timings'])\n", encoding="utf-8")
    released = []
    for code in (["-c", "from portal.cli import main; main(['build'])"], [str(program)]):
        subprocess.run([sys.executable, *code], cwd=pair.site.root, check=True, capture_output=True)
        released.append(pair.site.output.resolve())
    one, other = (release / "news/two/index.html" for release in released)
    assert one.stat().st_ino == other.stat().st_ino
    manifests = [read(release).files["news/two/index.html"] for release in released]
    assert manifests[0] == manifests[1]


def test_what_writes_the_bytes_of_feeds_is_among_the_libraries() -> None:
    """lxml writes the feeds: another version of it may write them otherwise."""
    assert "lxml" in version.LIBRARIES


# ── published files ─────────────────────────────────────────────────────────


def test_kept_files_have_the_mode_of_a_clean_build(pair: Pair) -> None:
    """A site that was built under a mask that keeps the web server out is readable after a build under the right one."""
    before = os.umask(0o077)
    try:
        pair.compare()
        os.umask(0o022)
        pair.compare()
    finally:
        os.umask(before)
    release = pair.site.output.resolve()
    wrong = [path.name for path in release.rglob("*") if path.is_file() and path.stat().st_mode & 0o777 != 0o644]
    assert wrong == []


def test_what_was_written_by_hand_into_published_search_is_gone(pair: Pair) -> None:
    """A published file of search that somebody overwrote is made again."""
    pair.compare()
    for path in sorted((pair.site.output / "search").rglob("*.pf_fragment")):
        path.write_bytes(bytes(path.stat().st_size))
    pair.touched()
    pair.compare()


def test_a_long_name_of_an_attachment_can_be_published(pair: Pair) -> None:
    """A name as long as the file system takes: it is written under a longer one first."""
    name = "关" * 83 + ".pdf"
    assert len(name.encode()) <= 255
    pair.site.file(name, b"%PDF-1.4\n%%EOF\n")
    pair.site.news("three", 附件=[{"文件": name, "标题": "附件"}])
    assert pair.compare()


# ── the cache of sources ────────────────────────────────────────────────────


def test_a_foreign_database_is_replaced(pair: Pair) -> None:
    """A database that is not ours is passed over, and replaced by ours."""
    file = pair.site.root / SOURCES
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE theirs (a)")
        database.commit()
    pair.compare()
    assert _rows(file) == 2


def test_a_foreign_database_that_counts_is_replaced(pair: Pair) -> None:
    """A table with AUTOINCREMENT brings one that cannot be dropped."""
    file = pair.site.root / SOURCES
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE version (version TEXT, a INTEGER PRIMARY KEY AUTOINCREMENT)")
        database.commit()
    pair.compare()
    assert _rows(file) == 2


@pytest.mark.parametrize("value", ["text", None, 7])
@pytest.mark.parametrize("column", ["data", "sha256", "checksum", "size", "inode"])
def test_a_value_of_another_type_is_damage(pair: Pair, column: str, value: Any) -> None:
    """One bit in a database makes a value text, a number or nothing: the row is passed over."""
    pair.compare()
    with closing(sqlite3.connect(pair.site.root / SOURCES)) as database:
        database.execute(f"UPDATE sources SET {column} = ? WHERE path LIKE '%two%'", (value,))
        database.commit()
    pair.compare()


def test_a_damaged_row_is_replaced(pair: Pair) -> None:
    """What is damaged is read again once, not at each build."""
    pair.compare()
    file = pair.site.root / SOURCES
    with closing(sqlite3.connect(file)) as database:
        ((data,),) = database.execute("SELECT data FROM sources WHERE path LIKE '%two%'").fetchall()
        database.execute("UPDATE sources SET data = ? WHERE path LIKE '%two%'", (data[:-1] + b"\0",))
        database.commit()
    pair.compare()
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT data FROM sources WHERE path LIKE '%two%'").fetchall() == [(data,)]


def _rows(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute("SELECT count(data) FROM sources").fetchone()[0])


def test_what_cannot_be_written_as_utf_8_is_a_problem(pair: Pair) -> None:
    """A lone surrogate in a value, which YAML can write, is told and stops nothing else."""
    pair.site.write("content/news/three.md", '---\n标题: 三\n状态: 已发布\n发布日期: "\\ud800"\n---\n\n正文\n')
    with pytest.raises(ProblemsFound):
        pair.site.build()


def test_damaged_words_of_an_attachment_are_read_again(pair: Pair) -> None:
    """A flipped bit in the words that were kept does not get into the index."""
    pair.site.file("a.csv", "项,值\r\n甲,abcdef\r\n".encode())
    pair.site.news("three", 附件=[{"文件": "a.csv", "标题": "附件"}])
    pair.compare()
    (kept,) = (pair.site.root / ".cache/attachments").glob("*.json")
    kept.write_bytes(kept.read_bytes().replace(b"abcdef", b"abcdeg"))
    pair.site.news("three", "改。", 附件=[{"文件": "a.csv", "标题": "附件"}])
    pair.compare()


def test_damaged_shards_are_built_again(pair: Pair) -> None:
    """A flipped bit in the index that was kept is not published."""
    pair.compare()
    for path in (pair.site.root / ".cache/search/shards").rglob("*.pf_fragment"):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    pair.compare()


# ── a source that changes while a site is built ─────────────────────────────


def test_a_text_that_changes_before_search_reads_it_is_a_problem(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops the build with a sentence, as where a page reads it."""
    pair.compare()
    old = pair.site.output.resolve()
    monkeypatch.setattr(search, "code_version", lambda: "another")  # so that search reads every text
    portal = pair.site.portal()
    write = portal._make

    def then_edited(*args: Any) -> None:
        write(*args)
        pair.site.news("two", "改在生成之中。")

    monkeypatch.setattr(portal, "_make", then_edited)
    with pytest.raises(ProblemsFound, match="被改动"):
        portal.build(NOW)
    assert pair.site.output.resolve() == old

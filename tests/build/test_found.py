"""What was found wrong with incremental builds, each as the smallest case of it."""

import os
import re
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
from portal.build.made import Made
from portal.build.manifest import read
from portal.build.own_code import settings_version
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


def test_tags_that_look_otherwise_may_name_any_template() -> None:
    """With line statements, other brackets or an extension nobody can say what a template includes; and a name may be written
    with escapes."""
    templates = {"x.html": "%% include 'a.html'", "a.html": "1"}
    assert dict(closure("x.html", templates, ["trim_blocks", "line_statement_prefix"])) == templates
    escaped = {"x.html": r'{% include "\x61.html" %}', "a.html": "1"}
    assert dict(closure("x.html", escaped)) == escaped


def test_a_template_in_a_linked_folder_is_seen(pair: Pair) -> None:
    """An office shares components between its sites by a symbolic link."""
    base = (HOME / "theme/templates/base.html").read_text("utf-8")
    pair.site.write("theme/templates/base.html", base.replace("</body>", '{% include "office/part.html" %}</body>'))
    shared = pair.site.root / "theme/shared"
    shared.mkdir()
    (pair.site.root / "theme/templates/office").symlink_to("../shared", target_is_directory=True)
    for word in ("one", "two"):
        (shared / "part.html").write_text(f"<p>{word}</p>", encoding="utf-8")
        pair.compare()


def test_a_template_saved_while_a_site_is_built_is_seen_next_time(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saved between comparing and rendering, and taken back: what was fingerprinted is what is rendered."""
    base = pair.site.root / "theme/templates/base.html"
    text = (HOME / "theme/templates/base.html").read_text("utf-8")
    pair.site.write("theme/templates/base.html", text)
    pair.compare()
    pair.site.write("theme/templates/base.html", text.replace("</body>", "<p>one</p></body>"))
    portal = pair.site.portal()
    changed = portal._changed

    def then_saved(*args: Any) -> Any:
        found = changed(*args)
        base.write_text(text.replace("</body>", "<p>two</p></body>"), encoding="utf-8")
        return found

    monkeypatch.setattr(portal, "_changed", then_saved)
    portal.build(NOW)
    base.write_text(text.replace("</body>", "<p>one</p></body>"), encoding="utf-8")
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


def test_everything_installed_counts() -> None:
    """Another version of any library may write other bytes: lxml feeds, markdown bodies, a filter's package a page."""
    names = {re.split(r"-(?=\d)", name)[0].lower() for name in version.libraries()}
    assert {"lxml", "markdown", "jinja2", "msgspec", "pelican", "nh3"} <= names
    assert all(re.search(r"-\d", name) for name in version.libraries())


def _with(pair: Pair, settings: str) -> None:
    """Settings of the site after the portal's own."""
    pair.site.write("pelicanconf.py", (HOME / "pelicanconf.py").read_text("utf-8") + settings)


def test_a_filter_from_settings_elsewhere_is_the_sites_code(pair: Pair) -> None:
    """pelicanconf.py runs a file outside the site, as offices share one; that changes."""
    shared = pair.site.root.parent / "shared.py"
    _with(pair, f"\nimport runpy\nJINJA_FILTERS = FILTERS | runpy.run_path({str(shared)!r})['more']\n")
    for word in ("on ", "of "):
        shared.write_text(f"def day(value):\n    return {word!r} + str(value)\nmore = {{'day': day}}\n", "utf-8")
        pair.compare()


@pytest.mark.parametrize(
    "filter_",
    [
        "def day(value):\n    return WORD + str(value)\n",
        "def made(word):\n    return lambda value: word + str(value)\nday = made(WORD)\n",
        "def day(value, word=WORD):\n    return word + str(value)\n",
        "def day(value):\n    return [WORD + str(each) for each in [value]][0]\n",
        "import functools\ndef said(word, value):\n    return word + str(value)\nday = functools.partial(said, WORD)\n",
    ],
    ids=["global", "closure", "default", "within", "partial"],
)
def test_what_a_filter_was_given_counts(pair: Pair, filter_: str) -> None:
    """A word that the settings took from a file while they were read: wherever a filter has it from, pages change with it."""
    _with(
        pair,
        "\nfrom pathlib import Path\nWORD = Path(_HERE, 'word.txt').read_text()\n"
        f"{filter_}JINJA_FILTERS = FILTERS | {{'day': day}}\n",
    )
    for word in ("on ", "of "):
        pair.site.write("word.txt", word)
        pair.compare()


def test_a_module_that_a_filter_imports_when_it_is_called_counts(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first page is rendered nobody has loaded it; it lies in the site's folder."""
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    _with(
        pair,
        "\nimport sys\ndef day(value):\n    sys.path.insert(0, _HERE)\n    sys.modules.pop('lib.late', None)\n"
        "    from lib import late\n    sys.path.remove(_HERE)\n    return late.WORD + str(value)\n"
        "JINJA_FILTERS = FILTERS | {'day': day}\n",
    )
    for word in ("on ", "of "):
        pair.site.write("lib/late.py", f"WORD = {word!r}\n")
        sys.modules.pop("lib.late", None)
        sys.modules.pop("lib", None)
        pair.compare()


def test_a_function_that_closes_over_something_makes_no_file(pair: Pair) -> None:
    """What it closes over would be in no fingerprint: a plugin that plans a file so is told, not trusted."""
    portal = pair.site.portal()
    prepared = portal.prepare(NOW)
    word = b"one"
    with pytest.raises(TypeError, match=r"office\.txt"):
        portal.fingerprints(prepared).of(Made("office.txt", lambda _: word, 1))


def test_the_same_site_elsewhere_is_the_same(tmp_path: Path) -> None:
    """A site that is moved with its cache and releases, as CI keeps them, has nothing to make."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pelicanconf.py").write_text("A = 1\n", encoding="utf-8")
        (tmp_path / name / "lib").mkdir()
        (tmp_path / name / "lib/own.py").write_text("B = 1\n", encoding="utf-8")
    assert settings_version({}, tmp_path / "one") == settings_version({}, tmp_path / "two")
    (tmp_path / "two/lib/own.py").write_text("B = 2\n", encoding="utf-8")
    assert settings_version({}, tmp_path / "one") != settings_version({}, tmp_path / "two")


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

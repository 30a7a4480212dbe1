"""The commands at their edges: check is the same pipeline, and what the system refuses is told in one sentence."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from site_model.making import WITHDRAWN
from tiny import NOW, TinySite

from portal import clock, signals
from portal.build import ledger
from portal.build.engine import Portal
from portal.cli import building, main
from portal.problems import Place, Problem, ProblemsFound, Severity

DATED = {"发布日期": "2024-03-06 10:00"}


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real clock stands at the tests' clock."""
    monkeypatch.setattr(clock, "read", lambda: NOW)


def _command(tiny: TinySite, *words: str) -> Result:
    here = Path.cwd()
    path = list(sys.path)
    sys.modules.pop("pelicanconf", None)
    sys.path.insert(0, str(tiny.root))
    try:
        result = CliRunner().invoke(main, ["-C", str(tiny.root), *words])
    finally:
        os.chdir(here)
        sys.path[:] = path
        sys.modules.pop("pelicanconf", None)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


def _settings(tiny: TinySite, line: str) -> None:
    text = (tiny.root / "pelicanconf.py").read_text(encoding="utf-8")
    tiny.write("pelicanconf.py", f"{text}\n{line}\n")


def test_check_says_nothing_of_a_right_site(tiny: TinySite) -> None:
    """A right site: exit code 0, and no site is written."""
    tiny.news("n")
    result = _command(tiny, "check")
    assert result.exit_code == 0, result.output
    assert not tiny.output.exists()
    assert not (tiny.root / "releases").exists()


def test_check_counts_redirects(tiny: TinySite) -> None:
    """A redirect to nothing, which stops the build, stops the check."""
    tiny.news("n")
    tiny.write("catalog/redirects.yaml", "- 原地址: /old/\n  新地址: /nowhere/\n")
    result = _command(tiny, "check", "--format", "json")
    assert result.exit_code == 1
    assert [problem["code"] for problem in json.loads(result.stdout)["problems"]] == ["redirect-target"]


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_check_counts_the_offices_own_plugins(tiny: TinySite, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A blocking problem that a plugin adds at site_resolved is in the check as in the build."""
    tiny.news("n")
    tiny.write(
        "office_gate.py",
        "from portal import signals\nfrom portal.problems import Place, Problem\n"
        "def gate(build, *, site, problems):\n"
        "    problems.append(Problem(Place('content/news/n.md', 3), 'gate', '标题', '本厅不许。', '请改。'))\n"
        "def register():\n    signals.site_resolved.connect(gate)\n",
    )
    _settings(tiny, 'PLUGINS = [*PLUGINS, "office_gate"]')
    monkeypatch.syspath_prepend(str(tiny.root))
    monkeypatch.delitem(sys.modules, "office_gate", raising=False)
    try:
        result = _command(tiny, "check", "--format", form)
    finally:
        sys.modules.pop("office_gate", None)
    assert result.exit_code == 1
    assert "本厅不许" in result.stdout


def test_check_finds_what_the_build_finds(tiny: TinySite) -> None:
    """The problems of a check are those that the build raises, of records and files together."""
    tiny.news("n", 附件=[{"文件": "no.pdf", "标题": "甲"}], 主题分类=["没有"])
    problems, prepared = tiny.portal().examine(NOW)
    assert prepared is None
    assert {problem.code for problem in problems} == {"missing-file", "unknown-themes"}
    with pytest.raises(ProblemsFound) as caught:
        tiny.build()
    assert caught.value.problems == problems


def test_check_outside_a_site_says_so(tmp_path: Path) -> None:
    """Without settings there is nothing to check: the sentence says what to do."""
    result = CliRunner().invoke(main, ["-C", str(tmp_path), "check"])
    assert result.exit_code == 1
    assert "portal init" in result.output


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_list_of_addresses_in_another_encoding_is_a_problem(tiny: TinySite, command: str) -> None:
    """published.tsv saved as GBK is a problem with its line, not a traceback."""
    tiny.news("n")
    tiny.write(ledger.PATH, f"{ledger.HEADER}\n/files/附件.pdf\tnews/n\t2026\t-\n".encode("gbk"))
    result = _command(tiny, command)
    assert result.exit_code == 1
    assert f"{ledger.PATH}:2" in result.output
    assert "UTF-8" in result.output


def test_rollback_before_the_first_release_says_so(tiny: TinySite) -> None:
    """Where nothing was ever published there is no older version, and nothing is made."""
    result = _command(tiny, "rollback")
    assert result.exit_code == 1
    assert "没有更早的版本" in result.output
    assert not (tiny.root / "releases").exists()


def test_what_the_system_refuses_is_one_sentence(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk or a missing right is told with the file and the system's reason."""
    tiny.news("n")

    def full(self: Portal, *args: object, **more: object) -> None:
        raise OSError(28, "No space left on device", "/site/releases/.staging/a")

    monkeypatch.setattr(Portal, "build", full)
    result = _command(tiny, "build")
    assert result.exit_code == 1
    assert "/site/releases/.staging/a" in result.output
    assert "No space left on device" in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_a_path_that_is_no_utf8_is_printed_escaped(tiny: TinySite) -> None:
    """A file name that is not UTF-8, here in a hint, is printed escaped instead of ending the report."""
    tiny.news("n", 附件=[{"文件": "report-2026-1.pdf", "标题": "甲"}], **DATED)
    with open(os.fsencode(tiny.root / "content/files") + b"/report-2026-\xb9.pdf", "wb") as file:
        file.write(b"%PDF-")
    command = [str(Path(sys.executable).with_name("portal")), "check"]
    for form in ("text", "json", "github"):
        done = subprocess.run([*command, "--format", form], cwd=tiny.root, capture_output=True, check=False)
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        assert rb"\udcb9" in done.stdout


def test_a_rollback_over_a_withdrawal_needs_a_yes(tiny: TinySite) -> None:
    """What was withdrawn since the older release is listed, and nothing happens without --yes."""
    tiny.news("keep")
    tiny.news("n")
    tiny.entry("e")
    tiny.build()
    tiny.news("n", **WITHDRAWN)
    tiny.entry("e", **WITHDRAWN)
    tiny.build()
    result = _command(tiny, "rollback")
    assert result.exit_code == 1
    assert "/news/n/" in result.output
    assert "/entries/e/" in result.output
    assert "/news/keep/" not in result.output
    assert "--yes" in result.output
    assert os.readlink(tiny.output) == "releases/2"
    result = _command(tiny, "rollback", "--yes")
    assert result.exit_code == 0, result.output
    assert os.readlink(tiny.output) == "releases/1"


def test_a_rollback_past_no_withdrawal_needs_none(tiny: TinySite) -> None:
    """What was withdrawn in both releases does not come back, and asks for nothing."""
    tiny.news("n", **WITHDRAWN)
    tiny.news("keep")
    tiny.build()
    tiny.news("keep", "改。")
    tiny.build()
    assert _command(tiny, "rollback").exit_code == 0


def test_publish_writes_the_list_while_it_holds_the_releases(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the list, publishing and writing the list are one turn: another publisher cannot lose its lines."""
    tiny.news("n")
    held: list[bool] = []
    update = ledger.update

    def look(old: Mapping[str, ledger.Promise], new: Iterable[ledger.Promise]) -> list[ledger.Promise]:
        with (tiny.root / "releases/.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                held.append(False)
            except BlockingIOError:
                held.append(True)
        return update(old, new)

    monkeypatch.setattr(building.ledger, "update", look)
    result = _command(tiny, "publish", "--no-commit")
    assert result.exit_code == 0, result.output
    assert held == [True]


def test_problems_are_values(tiny: TinySite) -> None:
    """examine returns what it found and raises nothing; a reminder leaves the site prepared, a stop does not."""
    tiny.news("n")
    for severity in Severity:
        portal = tiny.portal()
        found = Problem(Place("a"), "x", "", "甲。", "乙。", severity)
        signals.site_resolved.connect(lambda build, *, site, problems, found=found: problems.append(found))
        problems, prepared = portal.examine(NOW)
        assert problems == (found,)
        assert (prepared is not None) is (severity is Severity.REMIND)

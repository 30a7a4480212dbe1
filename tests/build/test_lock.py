"""One build at a time: none reads before it may publish, and an older state never replaces a newer one."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from site_model.making import WITHDRAWN
from tiny import TinySite

from portal.build.releases import ReleaseError, Releases
from portal.build.staging import Staging

PORTAL = str(Path(sys.executable).with_name("portal"))
DATED = {"发布日期": "2024-03-06 10:00"}
"""Older than any clock: commands in processes of their own read the real one."""


def _start(tiny: TinySite, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [PORTAL, *words],
        cwd=tiny.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUTF8": "1"},
        encoding="utf-8",
    )


@pytest.mark.parametrize("command", [["build"], ["publish", "--no-commit"]])
def test_a_build_that_waits_publishes_what_is_there_afterwards(tiny: TinySite, command: list[str]) -> None:
    """A build waits, with a sentence, before it reads: what was withdrawn meanwhile does not come back by it."""
    tiny.news("n", "qzsecretjx", **DATED)
    tiny.news("keep", **DATED)
    with Releases(tiny.root / "releases", tiny.output).locked():
        waiting = _start(tiny, *command)
        assert waiting.stderr is not None
        assert "另一个" in waiting.stderr.readline()
        tiny.news("n", "qzsecretjx", **DATED, **(WITHDRAWN | {"撤回日期": "2024-05-01 09:00"}))
    _, said = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, said
    assert "该信息已撤回" in tiny.html("/news/n/")
    assert not [path for path, data in tiny.tree().items() if b"qzsecretjx" in data]


def test_two_builds_at_once_both_succeed(tiny: TinySite) -> None:
    """Two commands started together publish one after the other, and leave nothing half done."""
    tiny.news("n", **DATED)
    running = [_start(tiny, "build") for _ in range(2)]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    assert sorted(path.name for path in (tiny.root / "releases").iterdir()) == [
        ".lock",
        "1",
        "1.manifest",
        "2",
        "2.manifest",
    ]
    assert os.readlink(tiny.output) == "releases/2"


def test_the_lock_is_held_again_within_itself(tmp_path: Path) -> None:
    """Whoever holds the releases may stage, publish and roll back; others wait until the outermost hold ends."""
    said: list[str] = []
    one = Releases(tmp_path / "releases", tmp_path / "output")
    other = Releases(tmp_path / "releases", tmp_path / "output", say=said.append)
    got = threading.Event()

    def take() -> None:
        with other.locked():
            got.set()

    with one.locked():
        with one.locked():
            pass
        thread = threading.Thread(target=take)
        thread.start()
        assert not got.wait(0.2)
    thread.join(5)
    assert got.is_set()
    assert len(said) == 1


def test_a_build_is_refused_when_the_published_release_is_another(tmp_path: Path) -> None:
    """Should the lock not hold (a file system without locks), a build that began from an older release is refused."""
    releases = Releases(tmp_path / "releases", tmp_path / "output")
    with releases.staging() as folder:
        Staging(folder).put("a", b"1")
        releases.publish(folder, None)
    with releases.staging() as folder:
        Staging(folder).put("a", b"2")
        with pytest.raises(ReleaseError, match="另一"):
            releases.publish(folder, None)
    assert (releases.output / "a").read_bytes() == b"1"
    assert releases.numbers() == [1]

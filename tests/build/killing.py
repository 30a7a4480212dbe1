"""Builds as processes of their own, which can be killed; and what is left of them."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tiny import TinySite

import portal
from portal import HOME

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(portal.__file__).parents[1]), "PYTHONDONTWRITEBYTECODE": "1"}
_RUN = "from portal.cli import run; run()"

WITHOUT_SEARCH = (HOME / "pelicanconf.py").read_text(
    "utf-8"
) + "\nPLUGINS = [name for name in PLUGINS if not name.endswith('search')]\n"


def many(site: TinySite, count: int, words: str = "正文。", **fields: Any) -> TinySite:
    """Fill a site with so many records, of which the search index is not built. They are public at whatever real time
    a command reads."""
    site.write("pelicanconf.py", WITHOUT_SEARCH)
    for number in range(count // 2):
        life = {"发布日期": f"20{number % 10 + 10}-03-05 09:30"}
        numbered = {"成文日期": f"20{number % 10 + 10}-03-01", "索引号": f"TEST/2010-{number:05d}"}
        site.entry(f"e{number:04d}", f"{words}第{number}件。", **life, **numbered, **fields)
        site.news(f"n{number:04d}", f"{words}第{number}条，见《关于e{number:04d}的通知》。", **life, **fields)
    return site


def started(site: TinySite, *arguments: str) -> "subprocess.Popen[str]":
    """The command `portal` on a site, in a session of its own, by which what it leaves behind is found."""
    command = [sys.executable, "-c", _RUN, "-C", str(site.root), *arguments]
    return subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def ended(process: "subprocess.Popen[str]", seconds: float = 120) -> tuple[int, str]:
    """Its exit code and what it said. What takes longer than that is killed, with all of its session."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        kill_session(process.pid)
        process.communicate()
        raise
    return process.returncode, out + err


def portal_command(site: TinySite, *arguments: str, seconds: float = 120) -> str:
    """Run the command to its end, which must be good; what it said."""
    code, said = ended(started(site, *arguments), seconds)
    assert code == 0, said
    return said


def session(leader: int) -> list[int]:
    """The processes that live in the session of one, zombies apart."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, _, of = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if int(of) == leader and state not in "ZX":
                found.append(int(entry.name))
    return found


def kill_session(leader: int) -> None:
    """End what is left of a session, by its numbers."""
    for process in session(leader):
        os.kill(process, 9)


def gone(leader: int, seconds: float = 10) -> bool:
    """Whether nothing lives in a session, after so many seconds at most."""
    end = time.monotonic() + seconds
    while session(leader):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def children(process: int) -> Sequence[int]:
    """The processes that one has started."""
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []

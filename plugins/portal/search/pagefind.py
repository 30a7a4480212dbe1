"""What a browser needs of Pagefind itself. The program makes it; it runs in a folder of its own that is gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pagefind_bin

from portal.problems import Stopped
from portal.search import terms

RUNTIME = ("pagefind.js", "wasm.unknown.pagefind")
"""Its script and its engine. Its worker and interfaces are replaced by ours."""


class SearchFailed(Stopped):
    """The index was not made; nothing is published."""


def copy_runtime(target: Path) -> None:
    """Put the files of Pagefind that a browser needs into a folder. Raises SearchFailed."""
    with tempfile.TemporaryDirectory(prefix="portal-search-") as name:
        folder = Path(name)
        page = f"<!doctype html><html><body data-pagefind-body><p>{terms.FILLER}</p></body></html>"
        (folder / "0.html").write_text(page, encoding="utf-8")
        made = run(folder)
        target.mkdir(parents=True, exist_ok=True)
        for file in RUNTIME:
            shutil.copyfile(made / file, target / file)


def run(folder: Path) -> Path:
    """Run Pagefind on a folder of pages; where what it made lies. Raises SearchFailed with what it said.

    The language is `unknown`: its engine is to neither stem nor segment.
    """
    command = [
        str(pagefind_bin.get_executable()), "--site", str(folder), "--output-subdir", "pagefind",
        "--force-language", "unknown", "--quiet",
    ]  # fmt: skip
    # Settings of another Pagefind, in the site's folder or in the environment, are none of ours.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    made = folder / "pagefind"
    # `--service` and full disks have left empty files behind an exit code of 0: look at what is there.
    broken = [path.name for path in made.rglob("*") if path.is_file() and path.stat().st_size == 0]
    if done.returncode or broken or not all((made / name).is_file() for name in RUNTIME):
        said = done.stderr.strip() or done.stdout.strip()
        raise SearchFailed(f"搜索索引没有生成，网站没有发布：{said} {'、'.join(broken)}".rstrip())
    return made

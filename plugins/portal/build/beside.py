"""A site in a folder of its own (`--output`, `pelican -o`, the preview): replaced whole, and only when it is ours."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from portal.build.releases import ReleaseError

MARKER = ".portal-site"
"""By this file we know a folder that we built and may replace. Every site has it, releases too, so that all ways to
build give the same tree; a name such as robots.txt would be in other people's sites as well."""

MARK = "本文件夹由 portal 生成，会被整个替换；请勿在此存放其他文件。\n".encode()


def check_ours(output: Path) -> None:
    """Raise ReleaseError unless the folder does not exist, is empty, or holds our mark."""
    if output.is_dir() and any(output.iterdir()) and not (output / MARKER).is_file():
        raise ReleaseError(
            f"{output} 里有别的文件，也没有本程序的标记 {MARKER}，没有动它；请换一个空文件夹，"
            "或者确认它是以前生成的网站后先删去。"
        )
    if output.exists() and not output.is_dir():
        raise ReleaseError(f"{output} 是一个文件，没有动它；请换一个空文件夹。")


def replace(output: Path, write: Callable[[Path], None]) -> None:
    """Write a site into a new folder and put it in the place of `output`. On errors `output` stays as it was."""
    check_ours(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    # Beside it, since a rename works within one file system only; a name of its own, since others' files stand there too.
    with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent, ignore_cleanup_errors=True) as work:
        new, old = Path(work) / "new", Path(work) / "old"
        new.mkdir()
        write(new)
        if output.exists() or output.is_symlink():
            output.rename(old)
        try:
            new.rename(output)
        except OSError:
            if old.exists():
                old.rename(output)
            raise

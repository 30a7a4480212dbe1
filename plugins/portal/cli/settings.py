"""The settings of the site in the current folder, through Pelican's own reader."""

import sys
from pathlib import Path
from typing import Any

import click
from pelican.log import init as init_logging
from pelican.settings import read_settings

from portal.build.engine import Portal


def load(*, root: Path | None = None, production: bool = False, **overrides: Any) -> Portal:
    """The portal of a site's folder, by default the current one. `production` reads publishconf.py."""
    name = "publishconf.py" if production else "pelicanconf.py"
    path = ((root or Path.cwd()) / name).resolve()
    if not path.is_file():
        raise click.ClickException(
            f"这里没有 {name}：请在站点文件夹中运行，或用 portal -C 站点文件夹。新站请运行 portal init。"
        )
    init_logging(level=None, name="pelican")
    if not (path.parent / "content").is_dir():
        raise click.ClickException(f"{path.parent} 里没有 content 文件夹，不是站点文件夹。新站请运行 portal init。")
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # what is compiled hides an edit of the same second
    try:
        settings = read_settings(str(path), override=overrides)
    except Exception as error:  # it is Python that an office wrote: whatever it raises is said with its place
        line = error.lineno if isinstance(error, SyntaxError) else error.__traceback__ and _last_line(error, path)
        where = f"{name} 第 {line} 行" if line else name
        raise click.ClickException(f"{where} 有错，读不出配置：{type(error).__name__}: {error}") from error
    finally:
        sys.dont_write_bytecode = before
    portal = settings["PELICAN_CLASS"](settings)
    assert isinstance(portal, Portal)
    context = click.get_current_context(silent=True)
    if context is not None and isinstance(context.obj, list):
        context.obj.append(portal)
    return portal


def _last_line(error: BaseException, path: Path) -> int | None:
    """The line of the settings file in which an error arose, if it did there."""
    found = None
    trace = error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename) == path:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found

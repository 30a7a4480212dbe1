"""The settings of the site in the current folder, through Pelican's own reader."""

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
    settings = read_settings(str(path), override=overrides)
    portal = settings["PELICAN_CLASS"](settings)
    assert isinstance(portal, Portal)
    return portal

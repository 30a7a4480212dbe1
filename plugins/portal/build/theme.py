"""The theme at the edge: templates through Pelican's own environment, static files under hashed names."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Template
from pelican.generators import Generator

from portal import HOME
from portal.pages.parts import Page


class Theme:
    """Templates and static files of a site: those of the portal, overridden file by file by the site's own theme/."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        # A Generator without content: Pelican builds the environment with its overrides, filters and plugins' tests.
        pelican = Generator(
            context={}, settings=settings, path=settings["PATH"], theme=settings["THEME"], output_path=""
        )
        self._environment = pelican.env
        self._templates: dict[str, Template] = {}
        self.static = _static_files(settings)

    @property
    def assets(self) -> tuple[tuple[str, str], ...]:
        """For each static file its name and its address, which changes with its bytes."""
        return tuple((name, "/" + path) for name, (path, _) in sorted(self.static.items()))

    def render(self, page: Page) -> bytes:
        """The page's bytes: a function of the template and the view alone."""
        template = self._templates.get(page.template)
        if template is None:
            template = self._templates[page.template] = self._environment.get_template(page.template)
        return template.render(view=page.view).encode()


def _static_files(settings: Mapping[str, Any]) -> dict[str, tuple[str, bytes]]:
    """Name → path in the site and bytes."""
    folders = [HOME / "theme" / "static", Path(settings["THEME"]) / "static"]
    folders += [Path(folder).parent / "static" for folder in settings["THEME_TEMPLATES_OVERRIDES"]]
    found: dict[str, tuple[str, bytes]] = {}
    for folder in folders:
        for path in sorted(folder.glob("*")) if folder.is_dir() else []:
            if path.is_file() and not path.name.startswith("."):
                data = path.read_bytes()
                digest = hashlib.sha256(data).hexdigest()[:8]
                found[path.name] = (f"theme/{path.stem}.{digest}{path.suffix}", data)
    return found

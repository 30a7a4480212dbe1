"""The theme at the edge: templates through Pelican's own environment, static files under hashed names.

Scripts are modules that import each other by name; published, they import each other under the hashed names.
"""

import hashlib
import re
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    FunctionLoader,
    Template,
    TemplateError,
    TemplateSyntaxError,
)
from pelican.generators import Generator

from portal import HOME
from portal.pages.parts import Page
from portal.problems import Stopped


class Theme:
    """Templates and static files of a site: those of the portal, overridden file by file by the site's own theme/."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        # A Generator without content: Pelican builds the environment with its overrides, filters and plugins' tests.
        pelican = Generator(
            context={}, settings=settings, path=settings["PATH"], theme=settings["THEME"], output_path=""
        )
        self._environment = pelican.env
        self.templates = _sources(pelican.env)
        """The sources of all templates by name, read once: what is fingerprinted is what is rendered."""
        self._environment.loader = FunctionLoader(self._source)
        self._compiled: dict[str, Template] = {}
        self.static = _static_files(settings)

    @property
    def assets(self) -> tuple[tuple[str, str], ...]:
        """For each static file its name and its address, which changes with its bytes."""
        return tuple((name, "/" + path) for name, (path, _) in sorted(self.static.items()))

    def _source(self, name: str) -> tuple[str, str, None] | None:
        return (self.templates[name], name, None) if name in self.templates else None

    def render(self, page: Page) -> bytes:
        """The page's bytes: a function of the template and the view alone. Raises BrokenTemplate."""
        try:
            template = self._compiled.get(page.template)
            if template is None:
                template = self._compiled[page.template] = self._environment.get_template(page.template)
            return template.render(view=page.view).encode()
        except TemplateError as error:
            raise self._broken(error) from error

    def _broken(self, error: TemplateError) -> "BrokenTemplate":
        """The error with the template and line in which it arose: the innermost, where one includes another."""
        name, line = (error.name, error.lineno) if isinstance(error, TemplateSyntaxError) else (None, 0)
        for frame, number in traceback.walk_tb(None if name else error.__traceback__):
            if frame.f_code.co_filename in self.templates:
                name, line = frame.f_code.co_filename, number
        where = f"模板 {name} 第 {line} 行" if name else "模板"
        return BrokenTemplate(f"{where}出错：{error}。请改正 theme/templates 里的模板。")


def _sources(environment: Environment) -> dict[str, str]:
    """Every template that Pelican's loaders find, in folders that are links, too."""
    loader = environment.loader
    assert isinstance(loader, ChoiceLoader)
    for each in loader.loaders:
        if isinstance(each, FileSystemLoader):
            each.followlinks = True
    return {name: loader.get_source(environment, name)[0] for name in loader.list_templates()}


class BrokenTemplate(Stopped):
    """A template cannot be compiled or rendered; the sentence says where."""


class BrokenImport(Exception):
    """A script of the theme imports a file that is not there, or itself by a circle: a fault of who wrote the theme."""


def _static_files(settings: Mapping[str, Any]) -> dict[str, tuple[str, bytes]]:
    """Name → path in the site and bytes. Raises BrokenImport."""
    folders = [HOME / "theme" / "static", Path(settings["THEME"]) / "static"]
    folders += [Path(folder).parent / "static" for folder in settings["THEME_TEMPLATES_OVERRIDES"]]
    files = {
        path.name: path
        for folder in folders
        for path in (sorted(folder.glob("*")) if folder.is_dir() else [])
        if path.is_file() and not path.name.startswith(".")
    }
    done: dict[str, tuple[str, bytes]] = {}
    for name in files:
        _address(name, files, done, ())
    return done


# A script names what it imports at the beginning of a line, as in: import { a } from "./b.js". Its address goes into the
# script's own bytes, so that a changed module changes the addresses of all that import it.
_IMPORT = re.compile(
    rb"""^((?:import|export)\b\s*(?:[\w$*{},\s]*?\bfrom\b\s*)?["'])(\.[^"'\n]*)(?=["'])""", re.MULTILINE
)


def _address(name: str, files: Mapping[str, Path], done: dict[str, tuple[str, bytes]], above: tuple[str, ...]) -> str:
    """The path of a file in the site, after those of everything that it imports; `above` are the scripts that import it."""
    if name in above:
        raise BrokenImport(f"static modules import each other: {' → '.join((*above, name))}")
    if name not in files:
        raise BrokenImport(f"{above[-1]} imports {name}, which is in no theme/static")
    if name not in done:
        path = files[name]
        data = path.read_bytes()
        if path.suffix == ".js":

            def written(found: re.Match[bytes]) -> bytes:
                imported = _address(found[2].decode().removeprefix("./"), files, done, (*above, name))
                return found[1] + b"./" + Path(imported).name.encode()

            data = _IMPORT.sub(written, data)
        digest = hashlib.sha256(data).hexdigest()[:8]
        done[name] = (f"theme/{path.stem}.{digest}{path.suffix}", data)
    return done[name][0]

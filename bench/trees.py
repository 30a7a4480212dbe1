"""The folders that the builders build from: the same articles in each builder's form, and the changes made to all of them.

A change goes to every tree at once, so that each builder has the same work before it.
"""

import importlib.util
import os
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from corpus import GENERATOR, HERE, articles, entry_text, fields, own_text, path_of, write_content, write_site

BUILDERS = HERE / "builders"
OUTPUTS = ("portal.outputs.feeds", "portal.outputs.catalogue", "portal.outputs.sitemap", "portal.outputs.search")
"""What the full site has besides the pages."""
PEERS = ("hugo", "eleventy", "pelican")
PORTALS = ("portal", "portal-full", "portal-own")
"""The peers' pages; these with the portal's other outputs; and the portal's own pages with all that it has."""
ALL = (*PEERS, *PORTALS)


def write_portal(found: list[dict[str, Any]], root: Path, *, full: bool = False) -> None:
    """The portal's site with the peers' pages; with `full`, its feeds, catalogue, sitemap and search as well."""
    write_content(found, root, portal_text)
    source = BUILDERS / "portal"
    settings = (source / "settings.py").read_text(encoding="utf-8")
    if full:
        settings += f"PLUGINS += {list(OUTPUTS)!r}\n"
    for name in ("pelicanconf.py", "publishconf.py"):
        (root / name).write_text(settings, encoding="utf-8")
    for name in ("plugins", "theme"):
        shutil.copytree(source / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))


def portal_text(article: Mapping[str, Any]) -> str:
    """An article's entry with the peers' body. Its own number, which the rules do not admit as 索引号, is a 关键词; what its
    life made of it beside the yardstick's fields is kept under `entry`."""
    head = {**fields(article), "关键词": [article["index_number"]], **article.get("entry", {})}
    return entry_text({name: value for name, value in head.items() if value is not None}, str(article["body"]))


def write_hugo(data: Path, root: Path) -> None:
    """Hugo's site."""
    _copy_builder("hugo", root)
    shutil.copytree(data / "yaml", root / "content", copy_function=shutil.copyfile)


def write_eleventy(data: Path, root: Path, modules: Path) -> None:
    """Eleventy's site, with the modules that npm installed elsewhere."""
    _copy_builder("eleventy", root)
    shutil.copytree(data / "yaml", root / "content", copy_function=shutil.copyfile)
    shutil.move(root / "content.11tydata.js", root / "content" / "content.11tydata.js")
    (root / "node_modules").symlink_to(modules)


def write_pelican(data: Path, root: Path) -> None:
    """Pelican's site: settings, theme and plugin, and content beside them."""
    _copy_builder("pelican", root)
    shutil.copytree(data / "pelican", root / "content", copy_function=shutil.copyfile)


def _copy_builder(name: str, root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(BUILDERS / name, root, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))


@dataclass(frozen=True, slots=True)
class Change:
    """What was done, and how a finished site shows it: words that the page at a path must hold."""

    what: str
    path: str
    words: str


@dataclass
class Trees:
    """The trees of one number of articles below a folder, and the changes to them."""

    number: int
    work: Path
    found: list[dict[str, Any]] = field(init=False)
    serial: int = 0

    def __post_init__(self) -> None:
        self.found = articles(self.number, self.work)

    @property
    def data(self) -> Path:
        """The generator's own folder; it stays as it was made."""
        return self.work / f"data-{self.number}"

    def folder(self, builder: str) -> Path:
        """Where a builder's site stands."""
        return self.work / f"tree-{builder}-{self.number}"

    def out(self, builder: str) -> Path:
        """Where a builder's finished site stands."""
        if builder in PORTALS:
            return self.folder(builder) / "output"
        return self.work / f"out-{builder}-{self.number}"

    def write(self, builder: str, modules: Path) -> None:
        """A builder's tree anew, without anything that it built before."""
        root = self.folder(builder)
        match builder:
            case "portal" | "portal-full":
                write_portal(self.found, root, full=builder == "portal-full")
            case "portal-own":
                write_site(self.found, root)
            case "hugo":
                write_hugo(self.data, root)
            case "eleventy":
                write_eleventy(self.data, root, modules)
            case "pelican":
                write_pelican(self.data, root)
        self.forget(builder)

    def checkout(self, builder: str) -> None:
        """The sources anew, as a checkout writes them: other inodes, new times. What was built before stays as it is."""
        root = self.folder(builder)
        old = root.with_name(f"{root.name}-old")
        shutil.rmtree(old, ignore_errors=True)
        root.rename(old)
        built = (".cache", "releases", "output")
        shutil.copytree(old, root, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns(*built, ".local"))
        for name in built:
            if os.path.lexists(old / name):  # the published site is a link, which leads nowhere for a moment
                (old / name).rename(root / name)
        shutil.rmtree(old)

    def forget(self, builder: str) -> None:
        """Remove everything that earlier builds left: the next one is cold."""
        if builder in PEERS:
            shutil.rmtree(self.out(builder), ignore_errors=True)
        for name in ("output", "releases", ".cache", ".local", "resources", ".hugo_build.lock"):
            left = self.folder(builder) / name
            if left.is_symlink() or left.is_file():
                left.unlink()
            else:
                shutil.rmtree(left, ignore_errors=True)

    # ── changes ─────────────────────────────────────────────────────────────

    def edit(self, at: int, only: Collection[str] = ALL) -> Change:
        """A sentence at the end of an article; `only` in these builders' trees."""
        article = self.found[at]
        self.serial += 1
        mark = f"本次修改记于第{self.serial}次。"
        article["body"] = article["body"] + f"\n{mark}\n"
        self._put(article, only)
        return Change("edit", page(article), mark)

    def retitle(self, at: int, only: Collection[str] = ALL) -> Change:
        """Another title for an article, which lists and neighbours show, too."""
        article = self.found[at]
        self.serial += 1
        article["title"] = f"{article['title'].partition('（改')[0]}（改{self.serial}）"
        self._put(article, only)
        return Change("retitle", page(article), article["title"])

    def add(self) -> Change:
        """A new article, the newest."""
        article = self._new()
        self.found.append(article)
        self._put(article)
        return Change("add", page(article), article["title"])

    def withdraw(self, at: int) -> Change:
        """An article goes: the portal says that it was withdrawn, for the peers the file is removed."""
        article = self.found[at]
        reason = "量具撤回。"
        article["entry"] = {"状态": "已撤回", "撤回日期": f"{article['date']} 12:00", "撤回原因": reason}
        self._put_portal(article)
        for _, path in self._peer_files(article):
            path.unlink(missing_ok=True)
        return Change("withdraw", page(article), reason)

    def schedule(self, moment: datetime) -> Callable[[], Change]:
        """An article that the portal publishes by itself at a moment; what is returned gives it to the peers."""
        article = self._new()
        self.found.append(article)
        article["date"] = f"{moment:%Y-%m-%d}"
        article["entry"] = {"发布日期": None, "定时发布": f"{moment:%Y-%m-%d %H:%M}"}
        self._put_portal(article)

        def due() -> Change:
            self._put_peers(article)
            return Change("due", page(article), article["title"])

        return due

    def _new(self) -> dict[str, Any]:
        """An article that is not among those there, of the newest day."""
        article: dict[str, Any] = generator().article(len(self.found), self.number)
        article["date"] = max(each["date"] for each in self.found[-3:])
        article["slug"] = f"t{article['date'].replace('-', '')}-{article['id']:06d}"
        article["title"] += f"（新{len(self.found)}）"
        return article

    def _put(self, article: Mapping[str, Any], only: Collection[str] = ALL) -> None:
        self._put_portal(article, only)
        self._put_peers(article, only)

    def _put_portal(self, article: Mapping[str, Any], only: Collection[str] = ALL) -> None:
        for builder in PORTALS:
            path = self.folder(builder) / path_of(article)
            if builder in only and self.folder(builder).is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
                text = own_text(article) if builder == "portal-own" else portal_text(article)
                path.write_text(text, encoding="utf-8")

    def _put_peers(self, article: Mapping[str, Any], only: Collection[str] = ALL) -> None:
        make = generator()
        for builder, path in self._peer_files(article):
            if builder in only:
                text = make.pelican_text(article) if builder == "pelican" else make.yaml_text(article)
                path.write_text(text, encoding="utf-8")

    def _peer_files(self, article: Mapping[str, Any]) -> list[tuple[str, Path]]:
        name = f"content/{article['category']}/{article['slug']}.md"
        return [(peer, self.folder(peer) / name) for peer in PEERS if self.folder(peer).is_dir()]


def page(article: Mapping[str, Any]) -> str:
    """The path of an article's page, the same for every builder."""
    return f"{article['category']}/{article['slug']}.html"


@cache
def generator() -> ModuleType:
    """The yardstick's generator as a module."""
    spec = importlib.util.spec_from_file_location("yardstick_generate", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

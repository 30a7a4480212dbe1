"""Pelican, made strict: the one way in which a site is built, by `pelican` and by `portal` alike.

Pelican alone skips a plugin that fails to import or register, and builds an empty site with exit 0. Here that, a
record that fails to read and an empty content/ each stop the run with a sentence, and nothing is published.
"""

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pelican import Pelican
from pelican.plugins._utils import get_plugin_name

from portal import clock, signals
from portal.attachments.files import read_files
from portal.build import ledger
from portal.build.progress import Progress, Timings
from portal.build.releases import ReleaseError, Releases
from portal.build.staging import Staging
from portal.build.theme import Theme
from portal.inspection.links import broken_links
from portal.outputs.catalogue import record_data, to_json
from portal.outputs.feeds import feed_links
from portal.pages.chrome import FIXED, chrome
from portal.pages.parts import Page
from portal.pages.redirects import redirect_problems
from portal.problems import Place, Problem, ProblemsFound, blocking
from portal.records.repository import read_repository
from portal.site.model import Site
from portal.site.resolve import resolve


class PluginMissing(Exception):
    """A step that the settings name did not load; without it the site would be incomplete."""

    exitcode = 1


@dataclass
class Prepared:
    """Everything known before the first byte is written."""

    site: Site
    pages: list[Page]
    theme: Theme
    problems: tuple[Problem, ...]
    promises: Mapping[str, ledger.Promise]
    withdrawn: frozenset[str] = field(default_factory=frozenset)
    unpublished: frozenset[str] = field(default_factory=frozenset)


class Portal(Pelican):  # type: ignore[misc]  # Pelican has no types
    """Pelican's settings, plugin loading and theme around the portal's own way of the data."""

    def __init__(self, settings: dict[str, Any]) -> None:
        signals.disconnect_all()
        wanted = [name if isinstance(name, str) else get_plugin_name(name) for name in settings.get("PLUGINS") or []]
        super().__init__(settings)
        loaded = set(settings["PLUGINS"])
        missing = [name for name in wanted if not {name, f"pelican.plugins.{name}"} & loaded]
        if missing:
            raise PluginMissing(
                f"插件没有装上：{'、'.join(missing)}。为避免生成不完整的网站，已停止；已发布的网站没有改动。"
                "请看上面的错误信息，或在 pelicanconf.py 的 PLUGINS 中去掉它。"
            )
        self.timings = Timings()
        self.progress = Progress(quiet=bool(settings.get("PORTAL_QUIET")))

    @property
    def root(self) -> Path:
        """The site's folder: the parent of content/."""
        return Path(self.path).resolve().parent

    @property
    def releases(self) -> Releases:
        """Where the releases of this site stand."""
        return Releases(self.root / "releases", Path(self.settings["PORTAL_PUBLISHED"]))

    def run(self) -> None:
        """Build and publish into OUTPUT_PATH. Raises ProblemsFound, and then nothing is changed."""
        self.build(clock.read(), strict=bool(self.settings.get("PORTAL_STRICT")))

    def prepare(self, now: datetime, *, preview: bool = False, mark: str = "") -> Prepared:
        """Read, resolve, check and plan. `mark` is the words of the preview banner. Raises ProblemsFound."""
        with self.timings.stage("读取"):
            repository = read_repository(self.root)
            files, found = read_files(self.root, repository.records)
            promises, unreadable = self._promises()
        problems = [*repository.problems, *found, *unreadable]
        if repository.vocabulary is None:
            raise ProblemsFound(problems)
        with self.timings.stage("关联"):
            first = {url: promise.first_published for url, promise in promises.items()}
            resolution = resolve(
                repository.records, repository.vocabulary, files, now, published=first, preview=preview
            )
            problems += resolution.problems
            # A page that the public is not to see yet must not be found by a search engine either.
            site = replace(resolution.site, preview=True) if mark else resolution.site
        with self.timings.stage("检查"):
            signals.site_resolved.send(self, site=site, problems=problems)
        if blocking(problems):
            raise ProblemsFound(problems)
        with self.timings.stage("规划"):
            theme = Theme(self.settings)
            frame = chrome(site, theme.assets, mark)
            pages: list[Page] = []
            signals.pages_planned.send(self, site=site, chrome=frame, pages=pages)
        if not pages:
            nothing = Problem(
                Place("pelicanconf.py"), "no-pages", "", "没有一个页面，不生成空网站。", "请检查 PLUGINS。"
            )
            raise ProblemsFound([*problems, nothing])
        problems += redirect_problems(site.vocabulary, pages, (file.path for file in site.files))
        if blocking(problems):
            raise ProblemsFound(problems)
        names = {f"{record.kind}/{record.id}": record for record in repository.records}
        return Prepared(
            site,
            pages,
            theme,
            tuple(sorted(set(problems))),
            promises,
            frozenset(f"{stone.kind}/{stone.id}" for stone in site.tombstones),
            frozenset(name for name, record in names.items() if record.key not in site.items),
        )

    def build(self, now: datetime, *, preview: bool = False, mark: str = "", strict: bool = False) -> Prepared:
        """The whole way: prepare, write beside the published site, and swap. With `strict`, keep every promise."""
        prepared = self.prepare(now, preview=preview, mark=mark)
        releases = self.releases
        if Path(self.output_path) != releases.output:
            self._build_beside(prepared, Path(self.output_path))
            return prepared
        with releases.staging() as folder:
            staging = Staging(folder, releases.current())
            self.write(prepared, staging)
            if strict:
                self._keep_promises(prepared, staging)
            with self.timings.stage("发布"):
                releases.publish(folder)
        return prepared

    def write(self, prepared: Prepared, staging: Staging) -> None:
        """Render every page, copy files, and let the outputs put theirs beside them."""
        with self.timings.stage("渲染"):
            for page in self.progress.track(prepared.pages, "生成网页"):
                staging.put(page.path, prepared.theme.render(page))
        with self.timings.stage("文件"):
            for path, data in prepared.theme.static.values():
                staging.put(path, data)
            source = self.root / "content" / "files"
            for file in prepared.site.files:
                staging.copy(file.path, source / file.name)
        signals.site_written.send(self, site=prepared.site, staging=staging)

    def _build_beside(self, prepared: Prepared, output: Path) -> None:
        """Build into a folder of its own: `--output DIR`, which is replaced whole when it was ours."""
        if output.exists() and any(output.iterdir()) and not (output / "robots.txt").is_file():
            raise ReleaseError(f"{output} 里有别的文件，没有动它；请换一个空文件夹。")
        staged = output.with_name(f".{output.name}-new")
        shutil.rmtree(staged, ignore_errors=True)
        try:
            self.write(prepared, Staging(staged))
            old = output.with_name(f".{output.name}-old")
            shutil.rmtree(old, ignore_errors=True)
            if output.exists():
                output.rename(old)
            staged.rename(output)
            shutil.rmtree(old, ignore_errors=True)
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def _promises(self) -> tuple[dict[str, ledger.Promise], list[Problem]]:
        path = self.root / ledger.PATH
        if path.is_file():
            return ledger.parse(path.read_text(encoding="utf-8"))
        return {}, ([ledger.missing()] if self.settings.get("PORTAL_STRICT") else [])

    def _keep_promises(self, prepared: Prepared, staging: Staging) -> None:
        """Refuse to publish a site that breaks a promise about an address, or whose own links lead nowhere."""
        found = ledger.broken(prepared.promises, served(staging), prepared.withdrawn, prepared.unpublished)
        with self.timings.stage("检验"):
            found += broken_links(staging.folder, prepared.site.vocabulary.identity.url)
        if found:
            raise ProblemsFound([*prepared.problems, *found])

    def promised(self, prepared: Prepared, now: datetime) -> list[ledger.Promise]:
        """The addresses of this release that the promise is about: records, attachments, feeds, fixed pages."""
        moment = now.isoformat(timespec="minutes")
        promises = []
        for item in prepared.site.items.values():
            owner = f"{item.record.kind}/{item.record.id}"
            first = item.record.first_public.isoformat(timespec="minutes")
            digest = hashlib.sha256(to_json(record_data(prepared.site, item))).hexdigest()
            promises.append(ledger.Promise(item.url, owner, first, digest))
            promises += [ledger.Promise(file.url, owner, first, file.sha256) for file in item.files]
        fixed = [link.url for link in FIXED]
        feeds = [address for link in feed_links(prepared.site) for address in (link.rss, link.atom)]
        promises += [ledger.Promise(url, "-", moment, "-") for url in (*fixed, *feeds)]
        return promises


def served(staging: Staging) -> set[str]:
    """Every address that a folder of files answers, as a web server maps them."""
    found: set[str] = set()
    for path in staging:
        found |= {"/" + path, "/" + quote(path)}  # promises hold addresses, percent-encoded
        if path == "index.html" or path.endswith("/index.html"):
            folder = path.removesuffix("index.html")
            found |= {"/" + folder, "/" + quote(folder), "/" + folder.rstrip("/"), "/" + quote(folder.rstrip("/"))}
    return found

"""Pelican, made strict: the one way in which a site is built, by `pelican` and by `portal` alike.

Pelican alone skips a plugin that fails to import or register, and builds an empty site with exit 0. Here that, a
record that fails to read and an empty content/ each stop the run with a sentence, and nothing is published.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from msgspec import structs
from pelican import Pelican
from pelican.plugins._utils import get_plugin_name

from portal import clock, signals
from portal.attachments.apart import Reader
from portal.attachments.files import read_files
from portal.attachments.text import TextCache, text_problems
from portal.build import beside, ledger, manifest
from portal.build.checked import Checked
from portal.build.fingerprints import Fingerprints
from portal.build.made import Made
from portal.build.manifest import Entry, Manifest
from portal.build.progress import Progress, Timings
from portal.build.releases import ReleaseError, Releases
from portal.build.sources import PATH as SOURCES
from portal.build.sources import SourceChanged, Sources
from portal.build.staging import Staging, staged
from portal.build.theme import Theme
from portal.build.unchanged import Unchanged
from portal.build.workers import shared
from portal.collection import without_collection
from portal.outputs.feeds import OPML, feed_links
from portal.pages.body_links import body_link_problems
from portal.pages.chrome import FIXED, chrome
from portal.pages.parts import Page
from portal.pages.redirects import redirect_problems
from portal.problems import Place, Problem, ProblemsFound, Severity, Stopped, blocking, soften
from portal.records.digest import canonical_digest
from portal.records.repository import FILES, read_repository
from portal.records.types import Status
from portal.site.model import Site
from portal.site.resolve import resolve
from portal.site.unfinished import CODE as UNFINISHED

TEXTS = ".cache/attachments"
"""The words of attachments by content hash, below the site's folder; can be deleted at any time."""


class PluginMissing(Stopped):
    """A step that the settings name did not load; without it the site would be incomplete."""


@dataclass
class Prepared:
    """Everything known before the first byte is written."""

    site: Site
    pages: list[Page]
    files: list[Made]
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
        self.built: Prepared | None = None
        self.timings = Timings()
        self.progress = Progress(quiet=bool(settings.get("PORTAL_QUIET")))

    @property
    def root(self) -> Path:
        """The site's folder: the parent of content/."""
        return Path(self.path).resolve().parent

    @cached_property
    def releases(self) -> Releases:
        """Where the releases of this site stand; one object, since it knows whether this build holds their lock."""
        return Releases(self.root / "releases", Path(self.settings["PORTAL_PUBLISHED"]))

    @cached_property
    def sources(self) -> Sources:
        """The sources as they were read before; a server hands on its own from build to build."""
        return Sources(self.root / SOURCES)

    @cached_property
    def attachments(self) -> Unchanged:
        """The attachments likewise."""
        return Unchanged(self.root)

    def run(self) -> None:
        """Build and publish into OUTPUT_PATH. Raises ProblemsFound, and then nothing is changed."""
        with self.turn():
            self.build(clock.read(), strict=bool(self.settings.get("PORTAL_STRICT")))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other build of this site publishes, and keep others waiting; may be nested.

        The clock is to be read within it: a build that waited must not publish the site of an earlier moment over a
        newer one. A build into another folder waits for nobody.
        """
        if Path(self.output_path) == self.releases.output:
            with self.releases.locked():
                yield
        else:
            yield

    def prepare(self, now: datetime, *, preview: bool = False, mark: str = "") -> Prepared:
        """Read, resolve, check and plan. `mark` is the words of the preview banner. Raises ProblemsFound."""
        with without_collection():
            problems, prepared = self.examine(now, preview=preview, mark=mark)
        if prepared is None:
            raise ProblemsFound(problems)
        return prepared

    def examine(
        self, now: datetime, *, preview: bool = False, mark: str = ""
    ) -> tuple[tuple[Problem, ...], Prepared | None]:
        """Everything that is wrong, sorted, and what can be built from it: nothing when a problem is blocking."""
        with self.timings.stage("读取"):
            repository = read_repository(self.root, self.sources.read)
            files, found = read_files(self.root, repository.records, self.attachments.read)
            self.attachments.save()
            kept = [record for record in repository.records if record.status is not Status.WITHDRAWN]
            with Reader() as reader:
                texts, wordless = text_problems(kept, files, self.root, TextCache(self.root / TEXTS, reader.read))
            promises, unreadable = self._promises()
        problems = [*repository.problems, *found, *wordless, *unreadable]
        if repository.vocabulary is None:
            return _sorted(problems), None
        with self.timings.stage("关联"):
            first = {url: promise.first_published for url, promise in promises.items()}
            resolution = resolve(
                repository.records, repository.vocabulary, files, now, published=first, preview=preview
            )
            problems += resolution.problems
            public = {file.sha256: texts[file.name].blocks for file in resolution.site.files if file.name in texts}
            # A page that the public is not to see yet must not be found by a search engine either.
            site = replace(resolution.site, preview=resolution.site.preview or bool(mark), texts=public)
        with self.timings.stage("检查"):
            signals.site_resolved.send(self, site=site, problems=problems)
        if blocking(problems):
            return _sorted(problems), None
        with self.timings.stage("规划"):
            theme = Theme(self.settings)
            frame = chrome(site, theme.assets, mark)
            pages: list[Page] = []
            signals.pages_planned.send(self, site=site, chrome=frame, pages=pages)
            files_beside: list[Made] = []
            signals.files_planned.send(self, site=site, files=files_beside)
        if not pages:
            what = "没有一个页面，不生成空网站。"
            problems.append(Problem(Place("pelicanconf.py"), "no-pages", "", what, "请检查 PLUGINS。"))
            return _sorted(problems), None
        problems += redirect_problems(site.vocabulary, pages, (*(file.path for file in site.files), *_feeds(site)))
        held = [page.path for page in pages] + [file.path for file in site.files]
        problems += body_link_problems(site, held)
        if self.settings.get("PORTAL_STRICT"):
            problems = [structs.replace(p, severity=Severity.BLOCK) if p.code == UNFINISHED else p for p in problems]
        if blocking(problems):
            return _sorted(problems), None
        prepared = Prepared(
            site,
            pages,
            files_beside,
            theme,
            _sorted(problems),
            promises,
            frozenset(f"{stone.kind}/{stone.id}" for stone in site.tombstones),
            frozenset(f"{each.kind}/{each.id}" for each in repository.records if each.key not in site.items),
        )
        return prepared.problems, prepared

    def build(self, now: datetime, *, preview: bool = False, mark: str = "", strict: bool = False) -> Prepared:
        """The whole way: prepare, write beside the published site, and swap. With `strict`, keep every promise."""
        with without_collection():
            self.built = self._build(now, preview=preview, mark=mark, strict=strict)
            return self.built

    def _build(self, now: datetime, *, preview: bool, mark: str, strict: bool) -> Prepared:
        releases = self.releases
        output = Path(self.output_path)
        if output != releases.output:
            if releases.holds(output):
                raise ReleaseError(f"{output} 在已发布的网站或 releases 里面，没有动它；请换一个文件夹。")
            beside.check_ours(output)
            prepared = self.prepare(now, preview=preview, mark=mark)
            beside.replace(output, lambda folder: self.write(prepared, Staging(folder)))
            return prepared
        with self.turn():
            based_on = releases.current()
            before = manifest.read(based_on) if based_on else Manifest()
            with releases.staging() as folder, staged(folder, based_on, before) as staging:
                prepared = self.prepare(now, preview=preview, mark=mark)
                self.write(prepared, staging)
                with self.timings.stage("清理"):
                    told = staging.finish()
                broken = ledger.broken(prepared.promises, Served(staging), prepared.withdrawn, prepared.unpublished)
                if strict:
                    checked = Checked(based_on, before.files, told.files) if based_on and before.is_checked else None
                    self._keep_promises(prepared, staging, broken, checked)
                    told = structs.replace(told, is_checked=True)
                prepared.problems = _sorted([*prepared.problems, *soften(broken)])
                with self.timings.stage("发布"):
                    releases.publish(folder, based_on, manifest.to_bytes(told))
        return prepared

    def refresh(self, prepared: Prepared, held: Manifest) -> Manifest:
        """Bring a private folder up to date in place: OUTPUT_PATH, in which `held` stands; what stands there now.

        Where it raises (ProblemsFound among others) the folder is neither the old site nor the new one.
        """
        with without_collection():
            staging = Staging(Path(self.output_path), held)
            self.write(prepared, staging)
            return staging.finish()

    def fingerprints(self, prepared: Prepared) -> Fingerprints:
        """By which a file that is planned is told from the one that is there."""
        return Fingerprints(prepared.theme.templates, self.settings, self.root)

    def write(self, prepared: Prepared, staging: Staging) -> None:
        """Render every page, copy files, and let the outputs put theirs beside them.

        Raises ProblemsFound when an attachment is no longer the file that was read and checked.
        """
        staging.put(beside.MARKER, beside.MARK)
        with self.timings.stage("比对"):
            changed = self._changed(prepared, staging)
        with self.timings.stage("渲染"):
            self._make(prepared, changed, staging)
        with self.timings.stage("文件"):
            for path, data in prepared.theme.static.values():
                staging.put(path, data)
            problems = []
            for file in prepared.site.files:
                try:
                    staging.copy(file.path, self.root / FILES / file.name, file.sha256)
                except (SourceChanged, FileNotFoundError):
                    what = f"文件“{file.name}”在生成网站期间被改动或移走，没有发布。"
                    place = Place(f"{FILES}/{file.name}")
                    problems.append(Problem(place, "file-changed", "附件", what, "请等文件保存完后再运行一次。"))
            if problems:
                raise ProblemsFound(problems)
        with _told_if_changed():
            signals.site_written.send(self, site=prepared.site, staging=staging)

    def _changed(self, prepared: Prepared, staging: Staging) -> list[tuple[Page | Made, bytes]]:
        """What is planned and not there yet, with its fingerprint."""
        fingerprints = self.fingerprints(prepared)
        changed = []
        everything: list[Page | Made] = [*prepared.pages, *prepared.files]
        for planned in everything:
            fingerprint = fingerprints.of(planned)
            if not staging.keep(planned.path, fingerprint):
                changed.append((planned, fingerprint))
        return changed

    def _make(self, prepared: Prepared, changed: list[tuple[Page | Made, bytes]], staging: Staging) -> None:
        """Make files and put them in their place, on all processors where there are many. Raises ProblemsFound."""

        def work(jobs: Sequence[tuple[Page | Made, bytes]]) -> Iterator[tuple[str, Entry]]:
            for planned, fingerprint in jobs:
                try:
                    data = planned.make(planned.value) if isinstance(planned, Made) else prepared.theme.render(planned)
                except SourceChanged as error:
                    yield str(error), _GONE  # what a worker raises is not a problem to its parent
                    return
                yield planned.path, staging.write(planned.path, data, fingerprint)

        _check_paths(changed, staging)
        done = shared(changed, work, tuple[str, Entry])
        for path, entry in self.progress.track(done, "生成网页", len(changed)):
            with _told_if_changed():
                if entry == _GONE:
                    raise SourceChanged(path)
            staging.note(path, entry)

    def _promises(self) -> tuple[dict[str, ledger.Promise], list[Problem]]:
        path = self.root / ledger.PATH
        if path.is_file():
            return ledger.read(path.read_bytes())
        return {}, ([ledger.missing()] if self.settings.get("PORTAL_STRICT") else [])

    def _keep_promises(
        self, prepared: Prepared, staging: Staging, broken: list[Problem], checked: Checked | None
    ) -> None:
        """Refuse to publish a site that breaks a promise about an address, or whose own links lead nowhere."""
        from portal.inspection.links import broken_links  # its parser is needed by publication alone

        found = list(broken)
        with self.timings.stage("检验"):
            found += broken_links(staging.folder, prepared.site.vocabulary.identity.url, checked)
        if found:
            raise ProblemsFound([*prepared.problems, *found])

    def promised(self, prepared: Prepared, now: datetime) -> list[ledger.Promise]:
        """The addresses of this release that the promise is about: records, attachments, feeds, fixed pages."""
        moment = now.isoformat(timespec="minutes")
        promises = []
        for item in prepared.site.items.values():
            owner = f"{item.record.kind}/{item.record.id}"
            digest = canonical_digest(item.record, {file.name: file.sha256 for file in item.files})
            promises.append(ledger.Promise(item.url, owner, moment, digest))
            promises += [ledger.Promise(file.url, owner, moment, file.sha256) for file in item.files]
        fixed = [link.url for link in FIXED]
        feeds = [address for link in feed_links(prepared.site) for address in (link.rss, link.atom)]
        promises += [ledger.Promise(url, "-", moment, "-") for url in (*fixed, *feeds)]
        return promises


_GONE = Entry(b"", -1, -1)
"""Of a source that changed while it was used."""


def _check_paths(changed: list[tuple[Page | Made, bytes]], staging: Staging) -> None:
    """Two workers must not write one file. Raises ValueError for a path planned twice, or outside the site."""
    counted = Counter(planned.path for planned, _ in changed)
    for path, count in counted.items():
        if count > 1:
            raise ValueError(f"two pages for one address: {path}")
        staging.check(path)
        above = path.rpartition("/")[0]
        while above:
            if above in counted:
                raise ValueError(f"two pages for one address: {path}, {above}")
            above = above.rpartition("/")[0]


@contextmanager
def _told_if_changed() -> Iterator[None]:
    """A source that is no longer what was read and checked is a problem in its place."""
    try:
        yield
    except SourceChanged as error:
        what = "这个文件在生成网站期间被改动或移走，没有发布。"
        problem = Problem(Place(str(error)), "file-changed", "", what, "请等文件保存完后再运行一次。")
        raise ProblemsFound([problem]) from error


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems)))


def _feeds(site: Site) -> list[str]:
    """The paths of feeds: addresses in use, from which no redirect can lead away, and to which one may lead."""
    return [OPML, *(address.lstrip("/") for link in feed_links(site) for address in (link.rss, link.atom))]


class Served(Container[str]):
    """The addresses that a folder of files answers, as a web server maps them."""

    def __init__(self, paths: Container[str]) -> None:
        self._paths = paths

    def __contains__(self, address: object) -> bool:
        return any(self._answers(each) for each in {unquote(str(address)), str(address)})

    def _answers(self, address: str) -> bool:
        path = address.removeprefix("/")
        if not path or path.endswith("/"):
            return f"{path}index.html" in self._paths
        return path in self._paths or f"{path}/index.html" in self._paths

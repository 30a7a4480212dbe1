"""The preview that `portal serve` shows: built anew at each change, with drafts and scheduled records marked."""

import json
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Collection
from pathlib import Path

import watchfiles

from portal import HOME, clock
from portal.build.edited import Edited
from portal.build.engine import Portal, Prepared
from portal.build.manifest import Manifest
from portal.build.sources import Sources
from portal.build.staging import Staging
from portal.build.unchanged import Unchanged
from portal.cli.settings import load
from portal.collection import without_collection
from portal.problems import Place, Problem, ProblemsFound, Stopped, render


class Preview:
    """A site built into a private folder, and what is wrong with its source. Safe to read from many threads."""

    live = True

    def __init__(
        self, root: Path, *, drafts: bool = True, tell: Callable[[tuple[Problem, ...]], None] = lambda _: None
    ) -> None:
        """`tell` is given the problems of each build that failed, for the terminal."""
        self.root = root
        (root / ".local").mkdir(exist_ok=True)
        # A folder of its own: two previews of one site, with and without drafts, must not overwrite each other.
        private = tempfile.mkdtemp(prefix="preview-", dir=root / ".local")
        self._close = weakref.finalize(self, shutil.rmtree, private, ignore_errors=True)
        self.folder = Path(private) / "site"
        self._held = Manifest()
        self._sources: Sources | None = None
        self._attachments: Unchanged | None = None
        self._edited: Edited | None = None
        self._tell = tell
        self._drafts = drafts
        self._changed = threading.Condition()
        self._version = 0
        self._built = 0
        self._problems: tuple[Problem, ...] = ()

    def close(self) -> None:
        """Take the private folder away."""
        self._close()

    def state(self) -> dict[str, object]:
        """The version, the number of the last good build, and the problems."""
        with self._changed:
            # A file name that is not UTF-8 cannot be sent to a browser as it is.
            text = render(self._problems, "json").encode(errors="replace")
            problems = json.loads(text)["problems"]
            return {"version": self._version, "built": self._built, "problems": problems}

    def wait(self, version: int, seconds: float) -> None:
        """Return when the version is another, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != version, timeout=seconds)

    def rebuild(self, saved: Collection[Path] = ()) -> None:
        """Build the site; on problems the last good one stays and the problems are shown over it. Of a text that was `saved`
        the page is made first, and shown while the rest is still being looked at."""
        shown = self._show_at_once(saved)
        before = self._held
        try:
            portal = load(root=self.root, OUTPUT_PATH=str(self.folder), PORTAL_QUIET=True)
            portal.sources = self._sources = self._sources or portal.sources
            portal.attachments = self._attachments = self._attachments or portal.attachments
            mark = "编辑预览：含草稿和定时发布的内容，只限本机" if self._drafts else ""
            with without_collection():  # until readers are told; afterwards nobody waits for it
                prepared = portal.prepare(clock.read(), preview=self._drafts, mark=mark)
                self._held = self._refreshed(portal, prepared)
            self._edited = Edited(prepared, portal.fingerprints(prepared))
            problems, built = prepared.problems, True
        except ProblemsFound as error:
            problems, built = error.problems, False
        except Stopped as error:
            problems, built = (Problem(Place("."), "failed", "", str(error), ""),), False
        except Exception as error:  # whatever goes wrong is shown to the editor; the server stays up
            what = f"生成网站时出错：{type(error).__name__}：{error}"
            problems, built = (Problem(Place("."), "failed", "", what, "请把这段文字交给维护人员。"),), False
        if not built:
            self._tell(tuple(problems))
        # Nobody's page is loaded a second time for what is on it already.
        seen = shown and built and _same_pages(before, self._held)
        self._tell_readers(0 if seen else int(built), tuple(problems))

    def _refreshed(self, portal: Portal, prepared: Prepared) -> Manifest:
        """Bring the folder up to date. Whatever stops that leaves it half one site and half another: it is begun anew."""
        try:
            return portal.refresh(prepared, self._held)
        except BaseException:
            self._forget()
            raise

    def _show_at_once(self, saved: Collection[Path]) -> bool:
        """Put the pages of a text that was saved in their place, if only its words changed; whether that was so."""
        there = [path for path in saved if path.is_file()]  # many editors write beside, and rename
        if self._edited is None or len(there) != 1:
            return False
        (path,) = there
        try:
            where = path.relative_to(self.root).as_posix()
            entries = self._edited.write(self.root, where, Staging(self.folder, self._held))
        except Exception:  # the whole build, which follows, will say what is wrong
            return False
        if not entries:
            return False
        self._held = Manifest(self._held.files | entries, self._held.folders)
        self._tell_readers(1, self._problems)
        return True

    def _tell_readers(self, built: int, problems: tuple[Problem, ...]) -> None:
        with self._changed:
            self._version += 1
            self._built += built
            self._problems = problems
            self._changed.notify_all()

    def _forget(self) -> None:
        """Nothing that was begun is taken for finished."""
        self._held = Manifest()
        self._edited = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def watch(self) -> None:
        """Rebuild in the background whenever a source changes."""
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        folders = [self.root / "content", self.root / "catalog", self.root / "theme", HOME / "theme"]
        watched = [path for path in dict.fromkeys([*folders, self.root / "pelicanconf.py"]) if path.exists()]
        # One save may be several changes, which come within milliseconds of each other.
        for changes in watchfiles.watch(*watched, debounce=150, step=20, raise_interrupt=False):
            self.rebuild({Path(path) for _, path in changes})


def _same_pages(before: Manifest, after: Manifest) -> bool:
    """Whether no page that somebody may be reading is another."""
    return all(
        before.files.get(path) == entry for path, entry in after.files.items() if path.endswith(".html")
    ) and not any(path.endswith(".html") and path not in after.files for path in before.files)

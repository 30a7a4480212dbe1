"""The folder in which a site grows before it is published. What the last site had and this one has, too, is left as it is.

The folder begins as the last site (a clone of hard links, or the preview's own folder). Files are claimed one by one: kept
where their fingerprint is the one in the manifest, else written anew beside and put in their place, never in place, since a
link shares its bytes with what is published. What nobody claimed is taken away at the end.
"""

import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.build.cloning import Cloning
from portal.build.manifest import Entry, Folder, Manifest
from portal.build.sources import SourceChanged

Sum = tuple[int, int]
"""The length of a file and its CRC-32."""

_NEW = ".portal-new"
"""The name of a file that is being written: short, for a published name may be as long as names can be."""


class Damaged(Exception):
    """A file that was to be taken over is not what it was when it was written; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Staging:
    """The files of a site in a folder. `held` is the manifest of what the folder begins with, which `cloning` may still be
    putting there."""

    def __init__(self, folder: Path, held: Manifest | None = None, cloning: Cloning | None = None) -> None:
        self.folder = folder
        self._held = held or Manifest()
        self._cloning = cloning
        self._left: set[str] | None = None if cloning else set()
        self._files: dict[str, Entry] = {}
        self._folders: dict[str, Folder] = {}
        self._made: set[str] = set()
        self._above: set[str] = set()  # the folders that claimed files lie in
        folder.mkdir(parents=True, exist_ok=True)

    # ── claiming ────────────────────────────────────────────────────────────

    def keep(self, path: str, fingerprint: bytes) -> bool:
        """Claim a file, and say whether it is there already, made from the same. Raises ValueError for a path twice."""
        old = self._old(path)
        if old is None or old.fingerprint != fingerprint:
            return False
        self.note(path, old)
        return True

    def note(self, path: str, entry: Entry) -> None:
        """Claim a file that is in its place. Raises ValueError for a path twice, and for one outside the site."""
        self.check(path)
        self._claim(path, entry)

    def _claim(self, path: str, entry: Entry) -> None:
        self._files[path] = entry
        above = path.rpartition("/")[0]
        while above and above not in self._above:
            self._above.add(above)
            above = above.rpartition("/")[0]

    def _claim_below(self, prefix: str, entries: Mapping[str, Entry]) -> None:
        """Claim the files of a folder, in which nothing else may be. Raises ValueError as `note` does."""
        self.check(prefix)
        for name, entry in entries.items():
            self._files[f"{prefix}/{name}"] = entry
        for folder in {name.rpartition("/")[0] for name in entries}:
            above = f"{prefix}/{folder}" if folder else prefix
            while above and above not in self._above:
                self._above.add(above)
                above = above.rpartition("/")[0]

    def put(self, path: str, data: bytes) -> None:
        """Claim a file with these bytes. Raises ValueError as `note` does."""
        fingerprint = hashlib.blake2b(data, digest_size=16).digest()
        if not self.keep(path, fingerprint):
            self.check(path)  # before anything is written
            self._claim(path, self.write(path, data, fingerprint))

    def copy(self, path: str, source: Path, sha256: str) -> None:
        """Claim a copy of a file of the repository.

        Raises SourceChanged when it is not the file that was hashed (somebody saved it meanwhile): its address would
        promise other bytes than it has, and nobody has checked the new ones.
        """
        fingerprint = bytes.fromhex(sha256)
        if self.keep(path, fingerprint):
            return
        self.check(path)
        digest = hashlib.sha256()
        self._not_there()
        new = self._beside(path)
        try:
            with source.open("rb") as reader, new.open("wb") as writer:
                while piece := reader.read(1 << 20):
                    digest.update(piece)
                    writer.write(piece)
            if digest.hexdigest() != sha256:
                raise SourceChanged(str(source))
            self.note(path, self._in_place(path, new, fingerprint))
        finally:
            new.unlink(missing_ok=True)

    def adopt(self, prefix: str, source: Path, fingerprint: str, sums: Callable[[], Mapping[str, Sum]] = dict) -> None:
        """Claim a folder: it consists of copies of these files below `source`, whose contents `fingerprint` tells fully.

        `sums`, asked for when they are copied, says what each must be. Raises Damaged where one is not, with nothing
        claimed, and FileNotFoundError where there are none.
        """
        told = fingerprint.encode()
        old = self._held.folders.get(prefix)
        if old is not None and old.fingerprint == told and self._all_there(prefix, old.names):
            self._claim_below(prefix, {name: self._held.files[f"{prefix}/{name}"] for name in old.names})
            self._folders[prefix] = old
            return
        wanted = sums()
        if not wanted:
            raise FileNotFoundError(f"nothing to adopt in {source}")
        self.check(prefix)
        for name in wanted:
            self.check(f"{prefix}/{name}")
        self._claim_below(prefix, self._copied(prefix, source, wanted))
        self._folders[prefix] = Folder(told, sorted(wanted))

    def _copied(self, prefix: str, source: Path, sums: Mapping[str, Sum]) -> dict[str, Entry]:
        """Copy files into a folder beside, which is put in its place when all of them are as they should be."""
        self._not_there()  # what is still being cloned would get in the way
        new = self._beside(prefix).with_suffix(".d")  # a file of that name may have been left, too
        shutil.rmtree(new, ignore_errors=True)  # of a process that was killed
        try:
            for above in sorted({name.rpartition("/")[0] for name in sums}):
                (new / above).mkdir(parents=True, exist_ok=True)
            found = {name: _copied(source, new, name, told) for name, told in sums.items()}
            self._folder_in_place(prefix, new)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        return found

    def _folder_in_place(self, prefix: str, new: Path) -> None:
        target = self.folder / prefix
        if target.is_dir():  # of the last site, with files that somebody touched
            if any(claimed.startswith(f"{prefix}/") for claimed in self._files):
                raise ValueError(f"two pages for one address: {prefix}")
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)
        new.rename(target)

    def _all_there(self, prefix: str, names: list[str]) -> bool:
        left = self._not_there()
        return not left or not any(f"{prefix}/{name}" in left for name in names)

    def check(self, path: str) -> None:
        """Raise ValueError as `note` does, before anything is written."""
        if path in self._files or path in self._above:
            raise ValueError(f"two pages for one address: {path}")
        above = path.rpartition("/")[0]
        while above and above not in self._above:  # a file is no folder
            if above in self._files:
                raise ValueError(f"two pages for one address: {path}, {above}")
            above = above.rpartition("/")[0]
        if path not in self._held.files and (".." in Path(path).parts or Path(path).is_absolute()):
            raise ValueError(f"outside the site: {path}")

    def _old(self, path: str) -> Entry | None:
        old = self._held.files.get(path)
        return None if old is None or path in self._not_there() else old

    def _not_there(self) -> set[str]:
        if self._left is None:
            assert self._cloning is not None
            self._left = self._cloning.left
        return self._left

    # ── writing; in a worker, too ───────────────────────────────────────────

    def write(self, path: str, data: bytes, fingerprint: bytes) -> Entry:
        """Put a file in its place, to be noted by whoever claims it. What has the same bytes already is left there."""
        self._not_there()  # what is still being cloned would get in the way
        target = self.folder / path
        if path in self._held.files and _same(target, data):
            return _entry(target, fingerprint)
        new = self._beside(path)
        if path not in self._held.files:
            try:
                return _created(f"{self.folder}/{path}", data, fingerprint)
            except FileExistsError:  # a folder of the last site
                pass
        try:
            new.write_bytes(data)
            return self._in_place(path, new, fingerprint)
        except BaseException:
            new.unlink(missing_ok=True)
            raise

    def _beside(self, path: str) -> Path:
        target = self.folder / path
        above = path.rpartition("/")[0]
        if above not in self._made:
            self._make_way(target.parent)
            self._made.add(above)
        return target.with_name(f"{_NEW}{os.getpid()}")  # workers write into one folder

    def _make_way(self, folder: Path) -> None:
        """Make a folder; a file of the last site may stand where it belongs."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            for above in (folder, *folder.parents):
                if above == self.folder:
                    break
                path = above.relative_to(self.folder).as_posix()
                if above.is_file() and path in self._held.files and path not in self._files:
                    above.unlink()
                    break
            folder.mkdir(parents=True, exist_ok=True)

    def _in_place(self, path: str, new: Path, fingerprint: bytes) -> Entry:
        target = self.folder / path
        try:
            os.replace(new, target)
        except IsADirectoryError:  # a folder of the last site
            if any(claimed.startswith(f"{path}/") for claimed in self._files):
                raise
            shutil.rmtree(target)
            os.replace(new, target)
        return _entry(target, fingerprint)

    # ── the end ─────────────────────────────────────────────────────────────

    def finish(self) -> Manifest:
        """Take away what nobody claimed; the manifest of what is there now."""
        if self._held.files:
            self._not_there()  # what is still being cloned would appear again
        for path in self._held.files.keys() - self._files.keys():
            with suppress(OSError):
                (self.folder / path).unlink()
            for above in (self.folder / path).parents:
                if above == self.folder:
                    break
                try:
                    above.rmdir()
                except OSError:
                    break
        return Manifest(self._files, self._folders)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def __contains__(self, path: object) -> bool:
        return path in self._files


@contextmanager
def staged(folder: Path, release: Path | None, held: Manifest) -> Iterator[Staging]:
    """A staging folder that begins as a release, of which `held` is the manifest; it fills while the site is read."""
    if release is None or not held.files:
        yield Staging(folder)
        return
    cloning = Cloning(release, held, folder)
    try:
        yield Staging(folder, held, cloning)
    finally:
        cloning.close()


def _copied(source: Path, target: Path, name: str, told: Sum) -> Entry:
    """A new file with the bytes of another, which must be so many with such a CRC-32. Raises Damaged."""
    size, checksum = told
    try:
        descriptor = os.open(f"{source}/{name}", os.O_RDONLY)
        try:
            data = os.read(descriptor, size + 1)
            while len(data) < size and (more := os.read(descriptor, size - len(data))):
                data += more
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Damaged(name) from error
    if len(data) != size or zlib.crc32(data) != checksum:
        raise Damaged(name)
    return _created(f"{target}/{name}", data, b"")


def _created(path: str, data: bytes, fingerprint: bytes) -> Entry:
    """A file where there is none, so that no other's bytes can be written to. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        written = os.write(descriptor, data)
        while written < len(data):
            written += os.write(descriptor, data[written:])
        found = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    return Entry(fingerprint, found.st_size, found.st_mtime_ns)


def _entry(target: Path, fingerprint: bytes) -> Entry:
    found = target.stat()
    return Entry(fingerprint, found.st_size, found.st_mtime_ns)


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False

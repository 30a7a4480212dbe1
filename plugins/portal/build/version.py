"""What a build's results depend on beside its input: the portal's own code, Python, and the libraries."""

import hashlib
import os
import sys
import sysconfig
from functools import cache
from pathlib import Path


@cache
def code_version() -> str:
    """A hash of all modules of the portal, and the versions of Python and of everything installed beside it. Any change makes
    another: what was built by other code is not taken for what this code would build."""
    digest = hashlib.blake2b(digest_size=16)
    home = Path(__file__).parent.parent
    for path in sorted(home.rglob("*.py")):
        digest.update(f"{path.relative_to(home)}\0".encode())
        digest.update(path.read_bytes())
    digest.update(f"{sys.version}\0{' '.join(libraries())}".encode())
    return digest.hexdigest()


def libraries() -> list[str]:
    """What is installed, by name and version: the folders in which installers note it."""
    folders = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    return sorted({name for folder in folders for name in os.listdir(folder) if name.endswith(".dist-info")})

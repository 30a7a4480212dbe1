"""What a build's results depend on beside its input: the portal's own code, Python, and the libraries."""

import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("markdown", "jinja2", "markupsafe", "nh3", "pydantic", "pyyaml", "feedgen", "lxml", "pelican", "msgspec")


@cache
def code_version() -> str:
    """A hash of all modules of the portal and the versions of what they call. Any change makes another: what was built by
    other code is not taken for what this code would build."""
    digest = hashlib.blake2b(digest_size=16)
    home = Path(__file__).parent.parent
    for path in sorted(home.rglob("*.py")):
        digest.update(f"{path.relative_to(home)}\0".encode())
        digest.update(path.read_bytes())
    libraries = " ".join(f"{name} {version(name)}" for name in LIBRARIES)
    digest.update(f"{sys.version}\0{libraries}".encode())
    return digest.hexdigest()

"""The long proof of search: the demo with the 683 regulations, 2,000 questions. Usage: tools/recall.py [portal recall's options]

The regulations are taken from PORTAL_CORPUS or ../shared/corpus; without them the demo alone is asked.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from portal import HOME

SITE = HOME / "build" / "recall"


def make(site: Path) -> None:
    """The demo's sources in a folder of their own, and the regulations among them."""
    shutil.rmtree(site, ignore_errors=True)
    for name in ("content", "catalog"):
        shutil.copytree(HOME / name, site / name)
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copyfile(HOME / name, site / name)
    corpus = Path(os.environ.get("PORTAL_CORPUS") or HOME.parent / "shared" / "corpus") / "regulations"
    if corpus.is_dir():
        subprocess.run(
            [_portal(), "-C", str(site), "import", "regulations", str(corpus)], check=True, capture_output=True
        )


def _portal() -> str:
    return str(Path(sys.executable).with_name("portal"))


if __name__ == "__main__":
    make(SITE)
    sys.exit(subprocess.run([_portal(), "-C", str(SITE), "recall", *sys.argv[1:]], check=False).returncode)

"""A finished folder as the server shows it: no live reload, no problems. For tests and pictures."""

import time
from pathlib import Path


class Still:
    """What `LoopbackServer` shows when nothing changes."""

    live = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def state(self) -> dict[str, object]:
        """Always the same."""
        return {"version": 0, "built": 0, "problems": []}

    def wait(self, version: int, seconds: float) -> None:
        """Nothing will change."""
        time.sleep(seconds)

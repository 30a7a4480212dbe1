"""What every test may ask for: a tiny site in a temporary folder, and where the real corpus is."""

import os
from pathlib import Path

import pytest
from tiny import TinySite


@pytest.fixture
def tiny(tmp_path: Path) -> TinySite:
    """A site of one organ, two themes and no records, in a folder of its own."""
    return TinySite(tmp_path / "site")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real texts; tests that need it are skipped by name where it is absent."""
    folder = Path(os.environ.get("PORTAL_CORPUS") or Path(__file__).parents[2] / "shared" / "corpus")
    if not (folder / "regulations").is_dir():
        pytest.skip(f"no corpus at {folder}: set PORTAL_CORPUS to the folder that holds regulations/")
    return folder

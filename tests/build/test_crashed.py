"""A build that is killed at any one of the calls by which it changes the file system harms nothing."""

import subprocess
import sys
from pathlib import Path

from build.killing import ENVIRONMENT


def test_killed_at_every_step_a_build_harms_nothing(tmp_path: Path) -> None:
    """Before each change of the file system in turn: what is published and every release that is kept is whole; the next
    build is the clean one, and leaves nothing of what was killed."""
    tests = str(Path(__file__).parents[1])
    environment = ENVIRONMENT | {"PYTHONPATH": f"{ENVIRONMENT['PYTHONPATH']}:{tests}"}
    command = [sys.executable, "-m", "build.crashing", str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 40, "there are that many moments"

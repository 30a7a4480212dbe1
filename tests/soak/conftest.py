"""The long run: only where PORTAL_SOAK says for how many minutes."""

import os

collect_ignore_glob = [] if os.environ.get("PORTAL_SOAK") else ["test_*.py"]

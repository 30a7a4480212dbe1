"""Where a Chromium is on this machine."""

import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome, or None; first the one without a window, which takes a third less time."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)

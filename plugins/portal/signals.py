"""The few signals of the portal, after Pelican's manner: an office switches a step off or adds its own by PLUGINS.

- `site_resolved(build, site, problems)`: receivers append what they find to `problems`; a blocking one stops the build.
- `pages_planned(build, site, chrome, pages)`: receivers append pages.
- `site_written(build, site, staging)`: receivers put further files beside the pages.
"""

from typing import Protocol

from blinker import Signal

from portal.build.progress import Timings


class Build(Protocol):
    """What a receiver may ask of the running build."""

    timings: Timings


site_resolved = Signal("portal_site_resolved")
pages_planned = Signal("portal_pages_planned")
site_written = Signal("portal_site_written")

ALL = (site_resolved, pages_planned, site_written)


def disconnect_all() -> None:
    """Forget the receivers of an earlier run in the same process: a plugin switched off since must not run."""
    for signal in ALL:
        for receiver in list(signal.receivers_for(None)):
            signal.disconnect(receiver)

"""The few signals of the portal, after Pelican's manner: an office switches a step off or adds its own by PLUGINS.

- `site_resolved(build, site, problems)`: receivers append what they find to `problems`; a blocking one stops the build.
- `pages_planned(build, site, chrome, pages)`: receivers append pages.
- `files_planned(build, site, files)`: receivers append files that are functions of a value, as pages are.
- `site_written(build, site, staging)`: receivers put further files beside all these, made in ways of their own.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from portal.build.progress import Timings

Receiver = TypeVar("Receiver", bound=Callable[..., Any])


class Build(Protocol):
    """What a receiver may ask of the running build."""

    timings: Timings
    settings: dict[str, Any]

    @property
    def root(self) -> Path:
        """The site's folder."""
        ...


class Signal:
    """Receivers in the order in which they connected, which is the order of PLUGINS.

    Not blinker's: that one goes through a set, so that the order of steps would change from run to run, and holds
    receivers weakly, so that a plugin's local function would silently never run.
    """

    def __init__(self) -> None:
        self._receivers: list[Callable[..., Any]] = []

    def connect(self, receiver: Receiver) -> Receiver:
        """Call `receiver` at each send, once, after those connected before it. Returns it, to serve as a decorator."""
        if receiver not in self._receivers:
            self._receivers.append(receiver)
        return receiver

    def send(self, build: Any, **values: Any) -> None:
        """Call every receiver with the build and the values. What one raises stops the build."""
        for receiver in tuple(self._receivers):
            receiver(build, **values)

    def disconnect_all(self) -> None:
        """Forget every receiver."""
        self._receivers.clear()


site_resolved = Signal()
pages_planned = Signal()
files_planned = Signal()
site_written = Signal()

ALL = (site_resolved, pages_planned, files_planned, site_written)


def disconnect_all() -> None:
    """Forget the receivers of an earlier run in the same process: a plugin switched off since must not run."""
    for signal in ALL:
        signal.disconnect_all()

"""The portal's own signals: receivers run in the order of PLUGINS, and are kept."""

import gc
import sys
from typing import Any

import pytest
from tiny import TinySite

from portal import signals
from portal.signals import Signal


def test_receivers_run_in_the_order_in_which_they_connected() -> None:
    """Many receivers, local functions among them, run in order with the sender and the values; each once."""
    signal = Signal()
    told: list[tuple[int, object, int]] = []

    def receiver(number: int) -> Any:
        return lambda build, *, value: told.append((number, build, value))

    for number in range(50):
        signal.connect(receiver(number))  # nobody else holds it
    gc.collect()
    signal.send("build", value=7)
    assert told == [(number, "build", 7) for number in range(50)]


def test_a_receiver_connected_twice_runs_once() -> None:
    """A plugin that registers twice does not do its work twice; after disconnect_all it does nothing."""
    signal = Signal()
    told: list[object] = []
    signal.connect(told.append)
    signal.connect(told.append)
    signal.send(1)
    assert told == [1]
    signal.disconnect_all()
    signal.send(2)
    assert told == [1]


def test_what_a_receiver_raises_stops_the_build() -> None:
    """An error of a step is not swallowed."""
    signal = Signal()

    def fail(_build: object) -> None:
        raise RuntimeError("step")

    signal.connect(fail)
    with pytest.raises(RuntimeError, match="step"):
        signal.send(None)


@pytest.mark.parametrize("names", [[f"step{number}" for number in order] for order in (range(9), range(8, -1, -1))])
def test_plugins_run_in_the_order_of_the_settings(
    tiny: TinySite, monkeypatch: pytest.MonkeyPatch, names: list[str]
) -> None:
    """The order of the names in PLUGINS is the order in which their steps run."""
    for name in names:
        tiny.write(
            f"steps_in_order/{name}.py",
            "from portal import signals\n"
            f"def step(build, **values):\n    build.settings['TOLD'].append('{name}')\n"
            "def register():\n    signals.site_resolved.connect(step)\n",
        )
    tiny.write("steps_in_order/__init__.py", "")
    tiny.news("n")
    monkeypatch.syspath_prepend(str(tiny.root))
    told: list[str] = []
    tiny.build(PLUGINS=["portal.pages", *(f"steps_in_order.{name}" for name in names)], TOLD=told)
    assert told == names
    for module in [name for name in sys.modules if name.startswith("steps_in_order")]:
        monkeypatch.delitem(sys.modules, module)
    signals.disconnect_all()

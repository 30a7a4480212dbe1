"""serve: on which port, and what is said where that one is taken."""

import re
import subprocess
from collections.abc import Iterator
from socket import AF_INET, SOCK_STREAM, socket

import pytest
from click.testing import CliRunner
from tiny import TinySite

from portal import HOME
from portal.cli import main


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of loopback on which another program listens."""
    with socket(AF_INET, SOCK_STREAM) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_in_use_is_told_with_both_ways_to_another(
    tiny: TinySite, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever came by make reads what make takes, and whoever came by portal what portal takes."""
    monkeypatch.chdir(tiny.root)
    result = CliRunner().invoke(main, ["serve", "--port", str(taken)])
    assert result.exit_code == 1
    for words in (f"端口 {taken} 用不了", "make serve PORT=8001", "portal serve --port 8001"):
        assert words in result.stderr


@pytest.mark.parametrize(("given", "port"), [((), "8000"), (("PORT=8001",), "8001")])
def test_make_hands_the_port_on(given: tuple[str, ...], port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make serve PORT=8001` starts the portal on that port; without it, on 8000."""
    monkeypatch.delenv("PORT", raising=False)
    command = ["make", "--dry-run", "--no-print-directory", "serve", *given]
    said = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True).stdout
    assert re.search(rf"portal serve --port {port}$", said, re.MULTILINE)


def test_a_number_that_is_no_port_is_wrong_usage(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A digit too many is told as such, before anything is started."""
    monkeypatch.chdir(tiny.root)
    result = CliRunner().invoke(main, ["serve", "--port", "80010"])
    assert result.exit_code == 2
    assert "80010" in result.stderr

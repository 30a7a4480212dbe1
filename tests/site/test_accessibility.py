"""Every page family in a real browser, at both widths and in the reader's modes: clean by itself, and by axe.

axe runs the WCAG 2.0–2.2 A and AA rules with `target-size` on.
"""

from pathlib import Path
from typing import Any

import pytest
from demo_site import FAMILIES, Watched, visit

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

SETTLED: dict[str, str] = {}
"""Rules whose "incomplete" answers were looked at by a person, each with what was found."""

pytestmark = pytest.mark.browser


def run_axe(watched: Watched) -> dict[str, Any]:
    """axe's answer for the page as it is now. Added by evaluation, which the page's own CSP does not govern."""
    watched.page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}
    answer: dict[str, Any] = watched.page.evaluate("(options) => axe.run(document, options)", options)
    return answer


def told(found: list[dict[str, Any]]) -> list[str]:
    """Findings as lines: rule, element, why."""
    return [
        f"{rule['id']}: {node['html'][:160]} — {node.get('failureSummary', '')[:300]}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_every_family_is_right_in_the_browser(width: str, request: pytest.FixtureRequest) -> None:
    """Every page family passes axe, and what axe could not decide has been decided by a person; it asks nothing of
    another origin, the production CSP refuses nothing, no script fails, and it does not scroll sideways."""
    watched: Watched = request.getfixturevalue(width)
    faults: dict[str, list[str]] = {}
    for family in FAMILIES:
        visit(watched, family)
        watched.clean()
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= {"wide": 1280, "narrow": 390}[width], (
            family
        )
        answer = run_axe(watched)
        undecided = [rule for rule in answer["incomplete"] if rule["id"] not in SETTLED]
        if lines := told(answer["violations"]) + told(undecided):
            faults[family] = lines
    assert faults == {}


@pytest.mark.parametrize("family", ["home", "document", "repealed", "search results"])
@pytest.mark.parametrize("modes", [("large",), ("contrast",), ("large", "contrast")], ids="+".join)
def test_the_readers_modes_pass_too(family: str, modes: tuple[str, ...], wide: Watched) -> None:
    """Large type and high contrast keep every rule, and are remembered on the next page."""
    wide.page.goto("/")
    for mode in modes:
        wide.page.locator(f"[data-mode={mode}]").click()
    visit(wide, family)
    for mode in modes:
        assert wide.page.locator(f"[data-mode={mode}]").get_attribute("aria-pressed") == "true"
    assert told(run_axe(wide)["violations"]) == []

"""Links of bodies to this site's own addresses are held against what the site will hold, before anything is built."""

import pytest
from tiny import NOW, TinySite

from portal.problems import ProblemsFound, Severity


@pytest.mark.parametrize("target", ["/news/b/", "/", "/search/?q=1", "/entries/e/#section-1", "/feeds/all.atom.xml"])
def test_a_right_link_is_right(tiny: TinySite, target: str) -> None:
    """Records, fixed pages and feeds are there, with a query or an anchor, too."""
    tiny.news("b")
    tiny.entry("e", "## 一\n\n文")
    tiny.news("a", f"见[这里]({target})。")
    tiny.portal().prepare(NOW)


@pytest.mark.parametrize(
    ("target", "hint"), [("/news/c/", "/news/b/"), ("/news/b", "末尾的斜线"), ("/entries/draft/", "没有")]
)
def test_a_link_that_leads_nowhere_is_told_at_its_line(tiny: TinySite, target: str, hint: str) -> None:
    """A mistyped address, a missing slash, a draft: the editor's own file and line, and what to write."""
    tiny.news("b")
    tiny.entry("draft", 状态="草稿")
    path = tiny.news("a", f"第一段。\n\n见[这里]({target})。")
    line = path.read_text("utf-8").split("\n").index(f"见[这里]({target})。") + 1
    with pytest.raises(ProblemsFound) as error:
        tiny.portal().prepare(NOW)
    (problem,) = [found for found in error.value.problems if found.code == "link"]
    assert (problem.place.path, problem.place.line) == ("content/news/a.md", line)
    assert hint in problem.what


def test_a_drafts_link_does_not_stop_the_preview(tiny: TinySite) -> None:
    """In a preview a draft's dead link is a reminder: others go on working."""
    tiny.news("draft", "见[这里](/news/nowhere/)。", 状态="草稿")
    tiny.news("n")
    prepared = tiny.portal().prepare(NOW, preview=True)
    assert [problem.severity for problem in prepared.problems if problem.code == "link"] == [Severity.REMIND]

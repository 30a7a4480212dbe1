"""What a new site still has to fill in is told while one works, and stops production."""

import pytest
from tiny import NOW, TinySite

from portal.problems import ProblemsFound, Severity


def test_the_template_of_a_new_site_is_no_content(tiny: TinySite) -> None:
    """请填写 in a public text, in the identity or in an organ's name is a reminder with its place, and nothing else."""
    tiny.page("guide", "第一行\n\n请填写。")
    text = (tiny.root / "catalog" / "site.yaml").read_text("utf-8")
    tiny.write("catalog/site.yaml", text.replace("办公地址: 试验路1号", "办公地址: 请填写"))
    found = [problem for problem in tiny.resolve().problems if problem.code == "unfinished"]
    assert {(problem.place.path, problem.field) for problem in found} == {
        ("catalog/site.yaml", "办公地址"),
        ("content/pages/guide.md", "正文"),
    }
    assert {problem.severity for problem in found} == {Severity.REMIND}
    assert all(problem.place.line > 1 for problem in found)


def test_a_draft_may_say_so(tiny: TinySite) -> None:
    """What the public does not see may be unfinished."""
    tiny.news("n")
    tiny.news("draft", "请填写。", 状态="草稿")
    assert not [problem for problem in tiny.resolve().problems if problem.code == "unfinished"]


def test_production_refuses_it(tiny: TinySite) -> None:
    """A development build goes on, publishing does not."""
    tiny.news("n", "请填写。")
    tiny.portal().prepare(NOW)
    with pytest.raises(ProblemsFound, match="请填写"):
        tiny.portal(production=True).prepare(NOW)

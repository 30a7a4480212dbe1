"""One parser serves every body: nothing of one may reach the next."""

from portal.markup.body import Body
from portal.markup.convert import to_html
from portal.markup.prose import Prose


def test_an_empty_body_has_no_headings_of_the_one_before() -> None:
    """python-markdown skips its processors for an empty text, so their state must have been cleared before."""
    to_html(Body(Prose.of("## 标题\n\n正文")))
    assert to_html(Body(Prose.of(""))).headings == ()

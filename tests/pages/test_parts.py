"""The values that views are made of."""

import pytest

from portal.pages.parts import page_path


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/", "index.html"),
        ("/entries/a/", "entries/a/index.html"),
        ("/entries/a", "entries/a/index.html"),
        ("/404.html", "404.html"),
        ("/art/%E5%85%AC%E5%BC%80/", "art/公开/index.html"),
    ],
)
def test_an_address_is_answered_by_a_file(address: str, path: str) -> None:
    """A folder is answered by its index.html, the slash at the end given or not; a page's own name stays."""
    assert page_path(address) == path

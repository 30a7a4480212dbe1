"""What the target of a link is: a file of this portal, a place on its site, the web, a mailbox or telephone, or nothing."""

import html
import re
from urllib.parse import urlsplit

FILES = "files/"
"""How a body names a file below content/files/."""

PUBLISHED = "/files/"
"""Where published files stand; images come from nowhere else."""

ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z0-9]+);")
_ESCAPED = re.compile("\x02([0-9]+)\x03")  # python-markdown's mark for a character behind a backslash


def plain(text: str) -> str:
    """An attribute of the parsed tree as the browser will read it: backslash escapes and entities resolved."""
    if "\x02" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1])), text)
    return ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def file_name(target: str) -> str | None:
    """The file below content/files/ that a target names, or None."""
    return target.removeprefix(FILES) or None if target.startswith(FILES) else None


def is_web(target: str) -> bool:
    """Whether a target is an address on the web that can be taken apart."""
    parts = _parts(target)
    return parts is not None and parts[0] in {"http", "https"} and bool(parts[1])


def is_address(target: str) -> bool:
    """Whether a link may lead there: on the site, within the page, on the web, to a mailbox or a telephone."""
    if target.startswith("//"):
        return False
    if target.startswith(("/", "#")):
        return target != "#"
    parts = _parts(target)
    return is_web(target) or (parts is not None and parts[0] in {"mailto", "tel"} and bool(parts[2]))


def _parts(target: str) -> tuple[str, str, str] | None:
    try:
        parts = urlsplit(target)
    except ValueError:  # a full-width colon or question mark in the host, a bracket that does not close
        return None
    return parts.scheme, parts.netloc, parts.path

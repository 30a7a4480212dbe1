"""Line ends within a paragraph: a space in HTML, but between Chinese characters there is none."""

import re

from portal.markup.parser import STASHED, Document, in_order

_WIDE = "\u2e80-\u9fff\u8c48-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—"
_INLINE = "\x02|\x03"  # where an element begins or ends within a line; the source can hold no \x02
_BLOCK = "\x02/\x03"
_BORDER = re.compile("\x02[|/]\x03")
_THROUGH = "(?:\x02\\|\x03|\x02wzxhzdk:[0-9]+\x03)*"
_SOFT_BREAK = re.compile(rf"([{_WIDE}]{_THROUGH})\n({_THROUGH})(?=[{_WIDE}])")
_WITHIN = {"a", "em", "strong", "code"}


def join_lines(document: Document) -> None:
    """Take out the line ends between Chinese characters, also where emphasis, a link or a tag begins or ends."""
    if not any("\n" in (element.text or "") or "\n" in (element.tail or "") for element in document.root.iter()):
        return
    slots = list(in_order(document.root))
    texts = [text or "" for _, _, text in slots]

    def joined(found: re.Match[str]) -> str:
        tags = (document.stashed[int(number)] for number in STASHED.findall(found[0]))
        if any(tag.startswith("&") or tag.lower().startswith("<br") for tag in tags):
            return found[0]
        return found[1] + found[2]

    borders = (_INLINE if element.tag in _WITHIN else _BLOCK for element, _, _ in slots)
    whole = "".join(border + text for border, text in zip(borders, texts, strict=True))
    for (element, begins, _), old, new in zip(
        slots, texts, _BORDER.split(_SOFT_BREAK.sub(joined, whole))[1:], strict=True
    ):
        if new != old and begins:
            element.text = new
        elif new != old:
            element.tail = new

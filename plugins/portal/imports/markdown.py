"""Plain text as Markdown that shows exactly that text (python-markdown's rules)."""

import re

# python-markdown undoes a backslash before these; `<` and `&` it does not, so they become entities.
_INLINE = re.compile(r"([\\`*_\[\]{}])")
_LINE_START = re.compile(r"^(#|>|[+\-](?=[ \t\-+]|$)|(?:=+|-{2,})\s*$|:(?=\s)|\||\d+(?=\.\s))")


def escape(text: str) -> str:
    """One paragraph of plain text, without line breaks, as Markdown that renders to the same characters."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    text = _INLINE.sub(r"\\\1", text)
    if m := _LINE_START.match(text):
        # A number before a full stop would open a list: the full stop is escaped, else the first character.
        at = m.end() if m[1].isdigit() else 0
        if text[at] in "=:|":
            return f"&#{ord(text[at])};{text[at + 1 :]}"
        text = f"{text[:at]}\\{text[at:]}"
    return text


def plain(markdown: str) -> str:
    """The text of what `escape` wrote; heading marks at the start of a line are taken off. Its inverse for paragraphs."""
    text = re.sub(r"^#{1,6} ", "", markdown, flags=re.MULTILINE)
    text = re.sub(r"\\([\\`*_\[\]{}#>+\-.])", r"\1", text)
    text = re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), text)
    return text.replace("&lt;", "<").replace("&amp;", "&")

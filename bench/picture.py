"""The ratios as a picture: bars to the left of 1 where the portal takes less, to the right where it takes more."""

import math
from collections.abc import Mapping
from html import escape

from results import Ratio

LABELS = {
    "cold/hugo": "cold build ÷ Hugo",
    "cold/eleventy": "cold build ÷ Eleventy",
    "cold/pelican": "cold build ÷ plain Pelican",
    "edit/hugo": "one edit ÷ Hugo",
    "add/hugo": "one article added ÷ Hugo",
    "withdraw/hugo": "one withdrawn ÷ Hugo",
    "due/hugo": "one becomes due ÷ Hugo",
    "edit-fresh-checkout/hugo": "one edit, new checkout ÷ Hugo",
    "cold+search/hugo+pagefind": "cold, with search ÷ Hugo + Pagefind",
    "edit+search/hugo+pagefind": "one edit, with search ÷ Hugo + Pagefind",
    "own-edit+search/hugo+pagefind": "its own pages ÷ Hugo + Pagefind",
    "watch/hugo-watch": "save a text to visible ÷ hugo --watch",
    "watch-title/hugo-watch": "save a title to visible ÷ hugo --watch",
    "memory/hugo": "peak memory, cold ÷ Hugo",
}

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 800, 330, 90, 74, 28
_BETTER, _WORSE, _INK, _FAINT = "#1a7f5a", "#b8572b", "#1f2937", "#d5dae1"


def picture(ratios: Mapping[str, Ratio], title: str, note: str, growth: str = "") -> str:
    """An SVG of 800 pixels' width. Bars are on a logarithmic scale, a thin line shows the spread of the rounds;
    `growth` is a line of words below.
    """
    shown = [(label, ratios[key]) for key, label in LABELS.items() if key in ratios]
    reach = max([1.0, *(abs(math.log2(each)) for _, ratio in shown for each in (ratio.value, ratio.least, ratio.most))])
    reach = math.ceil(reach)
    middle = _LEFT + (_WIDTH - _LEFT - _RIGHT) / 2
    unit = (_WIDTH - _LEFT - _RIGHT) / 2 / reach
    bottom = _TOP + _ROW * len(shown)
    height = bottom + (66 if growth else 46)

    def at(value: float) -> float:
        return middle + unit * math.log2(value)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="system-ui, sans-serif" font-size="14" fill="{_INK}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="20" y="30" font-size="17" font-weight="600">{escape(title)}</text>',
        f'<text x="20" y="52" font-size="12" fill="#5b6472">{escape(note)}</text>',
    ]
    step = 1 if reach <= 4 else 2
    for power in range(-reach // step * step, reach + 1, step):
        if abs(power) <= reach:
            x = at(2.0**power)
            colour, width = (_INK, 1.2) if power == 0 else (_FAINT, 1)
            parts.append(
                f'<line x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{bottom}" stroke="{colour}" stroke-width="{width}"/>'
            )
            words = f"{2**power}" if power >= 0 else f"1/{2**-power}"
            parts.append(
                f'<text x="{x:.1f}" y="{bottom + 16}" font-size="11" text-anchor="middle" fill="#5b6472">{words}</text>'
            )
    for number, (label, ratio) in enumerate(shown):
        y = _TOP + _ROW * number
        left, right = sorted((middle, at(ratio.value)))
        colour = _BETTER if ratio.value <= 1 else _WORSE
        parts += [
            f'<text x="{_LEFT - 12}" y="{y + 17}" text-anchor="end">{escape(label)}</text>',
            f'<rect x="{left:.1f}" y="{y + 3}" width="{max(right - left, 1):.1f}" height="18" fill="{colour}"/>',
            f'<line x1="{at(ratio.least):.1f}" y1="{y + 12}" x2="{at(ratio.most):.1f}" y2="{y + 12}" stroke="{_INK}" stroke-width="1.5"/>',
            f'<text x="{_WIDTH - 16}" y="{y + 17}" text-anchor="end" font-weight="600">{_number(ratio.value)}</text>',
        ]
    axis = "the portal's time (or memory) divided by the other's, logarithmic: left of 1 it takes less"
    parts.append(
        f'<text x="{middle:.1f}" y="{bottom + 34}" font-size="12" text-anchor="middle" fill="#5b6472">{axis}</text>'
    )
    if growth:
        parts.append(f'<text x="20" y="{bottom + 56}" font-size="12">{escape(growth)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _number(value: float) -> str:
    return f"{value:.2f} ×" if value < 10 else f"{value:.0f} ×"

"""What `portal init` left for the office to fill in. A reminder while it works; production refuses to publish it."""

from collections.abc import Iterable, Iterator

from portal.markup.prose import UNFINISHED
from portal.problems import Place, Problem, Severity
from portal.records.types import Record
from portal.records.vocabulary import Vocabulary

MARK = UNFINISHED

_EXAMPLE = "example.org"
CODE = "unfinished"


def unfinished(vocabulary: Vocabulary, visible: Iterable[Record]) -> Iterator[Problem]:
    """Words of the template that the public would read: identity, organs, and public records."""

    def reminder(place: Place, field: str, what: str) -> Problem:
        return Problem(place, CODE, field, what, "请换成本机关的实际内容；填好之前不能正式发布。", Severity.REMIND)

    for name, info in type(vocabulary.identity).model_fields.items():
        value = str(getattr(vocabulary.identity, name))
        if MARK in value or _EXAMPLE in value:
            place = vocabulary.places.get(f"site:{name}", Place("catalog/site.yaml"))
            yield reminder(place, info.alias or name, f"还是新站的样例：{value}")
    for organ in vocabulary.organs:
        if MARK in organ.name or MARK in (organ.short or ""):
            place = vocabulary.places.get(f"organs:{organ.id}", Place("catalog/organs.yaml"))
            yield reminder(place, "名称", f"还是新站的样例：{organ.name}")
    for record in visible:
        if MARK in record.title or record.body.marks.unfinished:
            line = record.body.marks.unfinished
            place = record.origin.in_body(line) if line else record.origin.place("title")
            yield reminder(place, "正文", f"公众会看到“{MARK}”。")

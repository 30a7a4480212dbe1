"""The controlled words that an import needs."""

from datetime import datetime

import pytest
import yaml

from portal.imports.entries import entry_fields, make_entries
from portal.imports.naming import PREFIX
from portal.imports.regulations import read_regulation
from portal.imports.vocabulary import add_prefixes, append_items, vocabulary_additions

TEXT = "# 护士条例\n\n2008年1月31日 交通部发布\n\n<!-- INFO END -->\n\n第一条 为了甲，制定本条例。\n"
ENTRIES, _ = make_entries([read_regulation("护士条例(2008-01-31).md", TEXT)], datetime(2026, 3, 1, 9, 30))  # noqa: DTZ001


def test_everything_that_the_entries_name_is_added() -> None:
    """Organ, theme, genre, column and prefix; no credit code is invented."""
    a = vocabulary_additions(ENTRIES)
    fields = entry_fields(ENTRIES[0])
    assert [o["名称"] for o in a.organs] == [fields["发布机构"]] == ["交通部"]
    assert [[t["名称"] for t in a.themes]] == [fields["主题分类"]]
    assert [g["名称"] for g in a.genres] == [fields["体裁分类"]]
    assert [c["名称"] for c in a.columns] == [fields["栏目"]]
    assert [p["前缀"] for p in a.index_prefixes] == [PREFIX]
    assert "统一社会信用代码" not in a.organs[0]


def test_items_are_appended_once_and_comments_stay() -> None:
    """A known name, 简称 or 前身 is not added again, a taken 编号 is not given twice."""
    text = "# 机构表\n- {编号: jiaotongbu, 名称: 甲, 前身: [乙]}\n"
    items = vocabulary_additions(ENTRIES).organs
    once = append_items(text, items)
    assert once.startswith(text)
    assert append_items(once, items) == once
    assert [o["编号"] for o in yaml.safe_load(once)] == ["jiaotongbu", "jiaotongbu-2"]
    assert append_items("- {编号: a, 名称: 甲, 前身: [交通部]}\n", items).count("名称") == 1
    assert append_items("[]\n", items) == append_items("", items)


@pytest.mark.parametrize(
    "text",
    [
        "网站名称: 甲\n索引号例外前缀: []\n电话: 1\n",
        "网站名称: 甲\n索引号例外前缀:\n- {前缀: A, 说明: 乙}\n电话: 1\n",
        "网站名称: 甲\nindex_prefixes:\n    - prefix: A\n      reason: 乙\n电话: 1\n",
        "网站名称: 甲\n电话: 1",
        "网站名称: 甲\n电话: 1\n索引号例外前缀:",
    ],
)
def test_the_prefix_is_declared_whatever_stood_there(text: str) -> None:
    """Only the one field changes, once."""
    items = vocabulary_additions(ENTRIES).index_prefixes
    once = add_prefixes(text, items)
    before, after = yaml.safe_load(text), yaml.safe_load(once)
    key = "index_prefixes" if "index_prefixes" in before else "索引号例外前缀"
    had = before.pop(key, None) or []
    assert after.pop(key) == [*had, *items]
    assert after == before
    assert add_prefixes(once, items) == once


def test_a_flow_list_with_items_is_left_to_the_editor() -> None:
    """What cannot be extended safely is refused, not rewritten."""
    with pytest.raises(ValueError, match="block list"):
        add_prefixes("索引号例外前缀: [{前缀: A, 说明: 乙}]\n", vocabulary_additions(ENTRIES).index_prefixes)
    with pytest.raises(ValueError, match="not a list"):
        append_items("甲: 乙\n", vocabulary_additions(ENTRIES).organs)


def test_a_word_that_stands_below_two_others_is_added() -> None:
    """A name that is ambiguous alone names nothing: the entries' word is added beside it, once."""
    items = vocabulary_additions(ENTRIES).themes
    name = str(items[0]["名称"])
    text = "".join(f"- {{编号: {i}, 名称: {i}, 下级: [{{编号: {i}1, 名称: {name}}}]}}\n" for i in "ab")
    once = append_items(text, items)
    assert [theme["名称"] for theme in yaml.safe_load(once)] == ["a", "b", name]
    assert append_items(once, items) == once
    one = text.splitlines(keepends=True)[0]
    assert append_items(one, items) == one

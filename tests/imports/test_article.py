"""Pasted articles."""

import pytest

from portal.imports.article import (
    UNNAMED_SOURCE,
    Article,
    ArticleSettings,
    article_status,
    article_text,
    read_article,
)
from portal.imports.findings import Kind, Unreadable

OURS = ArticleSettings("示例省科学技术厅")
HEAD = "做好协调服务 提升工作效率\n某部办公厅主任 张三●加强协调 确保运转　　建章立制    超前思维●落实规定    改进文风\n"
BODY = "开头一段。　　第二段。\n加强协调确保运转\n(一)建章立制。甲。　　(二)超前思维。乙。\n落实规定\n(一)改进文风。丙。(二)丁。\n"


def test_navigation_run_into_the_head_is_told_apart() -> None:
    """Its items are the headings below; author and office come from the byline; no word is left out."""
    article = read_article("a.txt", HEAD + BODY)
    assert (article.title, article.author, article.source) == ("做好协调服务 提升工作效率", "张三", "某部办公厅")
    assert article.body == (
        "开头一段。\n\n第二段。\n\n## 加强协调确保运转\n\n(一)建章立制。甲。\n\n(二)超前思维。乙。\n\n"
        "## 落实规定\n\n(一)改进文风。丙。\n\n(二)丁。\n"
    )
    assert [(f.line, f.kind) for f in article.findings] == [(2, Kind.CHANGED), (2, Kind.NOTICE)]
    assert article_status(article, OURS) == "已发布"


def test_a_part_of_the_head_that_is_not_below_stays_in_the_text() -> None:
    """Only what is said again may be left out."""
    article = read_article("a.txt", HEAD.replace("改进文风\n", "改进文风    另有一事\n") + BODY)
    assert article.paragraphs[0].text == "另有一事"
    assert article_status(article, OURS) == "草稿"


def test_a_labelled_byline_is_read() -> None:
    """来源 and 作者 as sites write them."""
    article = read_article(
        "a.txt", "某某工作推进会召开\n来源：科技日报 作者：李四 发布时间：2025-01-02\n会议指出，甲。\n"
    )
    assert (article.source, article.author, article.body) == ("科技日报", "李四", "会议指出，甲。\n")


def test_a_text_without_title_is_a_draft_with_a_provisional_one() -> None:
    """The first sentence stands in, marked; the option gives the real one."""
    article = read_article("a.txt", "4月9日,全国会议召开以后,某厅认真落实。\n一、提高认识\n甲。\n来源：某报\n")
    assert not article.title_stated
    assert article.title.startswith("（待拟标题）4月9日")
    assert article_status(article, OURS) == "草稿"
    titled = ArticleSettings("示例省科学技术厅", title="某厅落实会议精神")
    assert article_status(article, titled) == "已发布"
    assert "标题: 某厅落实会议精神\n" in article_text(article, "2026-03-01 09:30", titled)


def test_a_reprint_without_its_source_s_name_stays_a_draft() -> None:
    """互联网新闻信息服务管理规定 art. 15: a reprint names its source."""
    article = read_article("a.txt", "标题\n正文。\n免责声明：本网转载自其它媒体的文章。\n")
    assert article.source == UNNAMED_SOURCE
    assert article_status(article, OURS) == "草稿"
    assert article_status(article, ArticleSettings("某厅", source="某报")) == "已发布"


def test_without_any_source_it_is_not_taken_for_our_own() -> None:
    """An absent 来源 would mean original work."""
    article = read_article("a.txt", "标题\n正文。\n")
    assert article.source is None
    assert article_status(article, OURS) == "草稿"


def test_damage_makes_a_draft_whatever_else_is_given() -> None:
    """No option talks damage away."""
    article = read_article("a.txt", "标题\n来源：某报\n确保?，正文。\n")
    assert article_status(article, ArticleSettings("某厅", title="甲", source="乙")) == "草稿"


@pytest.mark.parametrize(
    ("file", "expected"), [("miit-2013.txt", "miit-2013"), ("粘贴.txt", "bt-"), ("page-2.txt", "bt-")]
)
def test_the_id_is_the_file_s_name_where_it_can_be(file: str, expected: str) -> None:
    """Otherwise initials of the title with a hash; never a name reserved for lists."""
    article: Article = read_article(file, "标题\n正文。\n")
    assert article.id.startswith(expected)


def test_an_empty_file_is_refused() -> None:
    """There is nothing to import."""
    with pytest.raises(Unreadable):
        read_article("a.txt", " \n\n")

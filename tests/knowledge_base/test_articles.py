from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.articles import Article, ArticleError, load_articles, load_products, product_answers, read_article
from knowledge_base.index import topic_documents

ROOT = Path(__file__).resolve().parents[2]
GOOD = "---\nid: a.b\ntitle: 标题\ncategory: a\nphrasings: [怎么办]\n---\n答案。\n"


def _file(folder: Path, text: str, name: str = "a.b") -> Path:
    file = folder / f"{name}.md"
    file.write_text(text, encoding="utf-8")
    return file


def test_an_article_is_read_with_its_optional_fields(tmp_path: Path) -> None:
    text = GOOD.replace("phrasings", "offers: [request_return]\nvalid_from: 2026-10-20\nphrasings")

    article = read_article(_file(tmp_path, text))

    assert article == Article("a.b", "标题", "a", ("怎么办",), "答案。", (), ("request_return",), date(2026, 10, 20), None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no front matter", "front matter"),
        (GOOD.replace("title: 标题\n", ""), "'title' is missing"),
        (GOOD.replace("category: a", "category: a\nauthor: x"), "unknown field 'author'"),
        (GOOD.replace("答案。", ""), "answer is empty"),
        (GOOD.replace("category: a", "category: a\nvalid_to: 2026-02-30"), "not YAML"),
        (GOOD.replace("category: a", "category: a\nrelated: 5"), "'related' must be a list"),
        (GOOD.replace("category: a", "category: a\noffers: 退货"), "'offers' must be a list"),
        (GOOD.replace("id: a.b", "id: a.c"), "expected the name of the file"),
        (GOOD.replace("category: a", "category: a\noffers: [fly]"), "no intent"),
        (GOOD.replace("category: a", "category: a\nvalid_to: soon"), "not a day"),
    ],
)
def test_a_bad_article_is_refused_with_the_reason(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ArticleError, match=re.escape(said)):
        read_article(_file(tmp_path, text))


def test_a_dangling_related_topic_is_refused(tmp_path: Path) -> None:
    _file(tmp_path, GOOD.replace("category: a", "category: a\nrelated: [x.y]"))

    with pytest.raises(ArticleError, match=r"'x\.y' does not exist"):
        load_articles(tmp_path)


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="there is no article"):
        load_articles(tmp_path)


def test_validity_includes_both_ends() -> None:
    article = Article("a", "t", "c", ("p",), "x", valid_from=date(2026, 10, 20), valid_to=date(2026, 11, 12))
    (document,) = topic_documents([article])

    assert [document.valid_on(date(2026, *day)) for day in ((10, 19), (10, 20), (11, 12), (11, 13))] == [False, True, True, False]


def test_every_topic_of_the_shop_and_every_product_sheet_loads() -> None:
    articles = load_articles(ROOT / "knowledge_base/articles")
    answers = product_answers(load_products(ROOT / "server/demo_shop/catalogue.yml"))

    assert len(articles) >= 130
    assert len({answer.sku for answer in answers}) >= 60
    assert all(answer.questions and answer.answer and answer.id == f"sku:{answer.sku}" for answer in answers)

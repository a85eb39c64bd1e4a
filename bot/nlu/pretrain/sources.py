"""Which data sets are read, how often, and which of them are openly licensed (`--sources open`)."""

import csv
from pathlib import Path

# How often a line of a file is seen in one epoch; files not named here: once.
LINE_WEIGHTS = {
    "zh_jd_customer_service": 3.0,
    "zh_taobao_dialogue_ecd": 3.0,
    "zh_jd_intent_utterances": 4.0,
    "zh_question_pairs": 1.5,
    "zh_oppo_test_unlabelled": 1.5,
    "zh_realestate_cs": 1.5,
    "zh_spree": 4.0,
    "zh_queries_taobao": 1.0,
    "zh_queries_video": 0.4,
    "zh_reviews_shopping": 0.8,
    "zh_app_descriptions": 0.15,
    "zh_papers": 0.1,
    "zh_fiction_chid": 0.15,
    "zh_book_reviews": 0.4,
    "zh_web_cluecorpus": 0.3,
    "zh_news_titles": 0.5,
    "zh_insurance_qa": 0.4,
    "zh_weibo": 0.7,
    "zh_ted": 0.5,
    "en_ted": 0.7,
    "ja_jglue": 0.7,
    "ko_all": 0.7,
    "en_spree": 2.0,
    "ja_spree": 4.0,
    "ko_spree": 4.0,
    "es_spree": 4.0,
}
OWN_WEIGHT = 4.0

_OPEN_MARKS = ("Apache-2.0", "CC BY", "BSD-3", "MIT", "CDLA")
_CLOSED_MARKS = ("none stated", "research", "academic", "mixed", "NC-ND")
_OPEN_PAIR_SOURCES = ("stsb_", "korsts_", "jsts_", "paraKQC", "spree_", "jddc_sts")


def is_open_licence(licence: str) -> bool:
    """True when the stated licence allows any use and nothing in it says otherwise."""
    return any(mark in licence for mark in _OPEN_MARKS) and not any(mark in licence for mark in _CLOSED_MARKS)


def is_open_pair_source(source: str) -> bool:
    """True for a value of the `source` column whose licence is open."""
    return source.startswith(_OPEN_PAIR_SOURCES)


def line_files(data: Path, sources: str) -> dict[Path, float]:
    """Line files to read with their weights; `sources` is "all" or "open"."""
    licences = _licences(data / "pretrain" / "MANIFEST.tsv")
    files = sorted((data / "pretrain" / "lines").glob("*.txt.gz"))
    names = {path: path.name.removesuffix(".txt.gz") for path in files}
    return {
        path: LINE_WEIGHTS.get(name, 1.0)
        for path, name in names.items()
        if sources == "all" or is_open_licence(licences.get(name, "none stated"))
    }


def _licences(manifest: Path) -> dict[str, str]:
    with manifest.open(encoding="utf-8", newline="") as rows:
        return {row["name"]: row["licence"] for row in csv.DictReader(rows, delimiter="\t") if row["kind"] == "lines"}

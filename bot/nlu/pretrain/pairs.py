"""Pairs for contrastive training: what means the same, what does not, and by how much."""

import csv
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.nlu.pretrain.masks import fill_masks
from bot.nlu.pretrain.sources import is_open_pair_source

_MIN_ROWS = 300
Triple = tuple[str, str, str | None]  # a, b, near miss
Grade = tuple[str, str, float]  # a, b, likeness 0-1


@dataclass(frozen=True)
class Alike:
    """Sentences that mean the same (`a`, `b`), with a near miss for some (`miss`, else None)."""

    name: str
    rows: list[Triple]
    weight: float = 1.0


@dataclass(frozen=True)
class Graded:
    """Pairs with a likeness from 0 to 1."""

    name: str
    rows: list[Grade]
    weight: float = 1.0


@dataclass(frozen=True)
class Groups:
    """Sentences by what they want; two of one group mean about the same."""

    name: str
    groups: dict[str, list[str]]
    weight: float = 1.0


@dataclass
class PairData:
    """All contrastive training data of a run."""

    alike: list[Alike] = field(default_factory=list)
    graded: list[Graded] = field(default_factory=list)
    groups: list[Groups] = field(default_factory=list)


def read_pairs(data: Path, *, sources: str, seed: int) -> PairData:
    """What INDEX.md marks *train* and comes in pairs or groups; pairs of two benchmark sentences are left out, and so are the labels of
    jd_intents_zh, BANKING77 and CLINC150, which the engine is measured on."""
    reader = _Reader(data, sources, random.Random(seed))
    found = PairData()
    reader.add_paraphrases(found)
    reader.add_nli(found)
    reader.add_answers(found)
    reader.add_languages(found)
    reader.add_sts(found)
    reader.add_intents(found)
    return found


class _Reader:
    def __init__(self, data: Path, sources: str, rng: random.Random) -> None:
        self._data, self._open_only, self._rng = data, sources == "open", rng
        self._benchmark = benchmark_sentences(data)

    def add_paraphrases(self, found: PairData) -> None:
        alike: dict[str, list[Triple]] = defaultdict(list)
        graded: dict[str, list[Grade]] = defaultdict(list)
        for a, b, label, source in self._pair_rows("zh_paraphrase"):
            name = _family(source)
            if name in ("stsb", "jddc_sts", "ecd_sts"):
                continue  # read with their grades in add_sts
            if label == "1":
                alike[name].append((a, b, None))
            graded[name].append((a, b, float(label)))
        shop = {"afqmc": 1.2, "atec": 1.0, "oppo": 1.2, "lcqmc": 1.5, "bustm": 1.0, "dialogue": 0.5, "pawsx": 0.3}
        found.alike += [Alike(name, rows, shop.get(name, 1.0)) for name, rows in alike.items() if len(rows) >= 100]
        found.graded += [Graded(name, rows, shop.get(name, 1.0)) for name, rows in graded.items() if _has_both(rows)]

    def add_nli(self, found: PairData) -> None:
        by_premise: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for a, b, label, _ in self._pair_rows("zh_nli"):
            by_premise[a][label].append(b)
        rows: list[Triple] = [
            (premise, said, next(iter(seen["contradiction"]), None))
            for premise, seen in by_premise.items()
            for said in seen["entailment"][:1]
        ]
        if len(rows) >= _MIN_ROWS:
            found.alike.append(Alike("zh_nli", rows, 0.6))

    def add_answers(self, found: PairData) -> None:
        rows: dict[str, list[Triple]] = defaultdict(list)
        for a, b, label, source in self._pair_rows("zh_qa"):
            if label == "1":
                rows[_family(source)].append((a, b, None))
        weights = {"jddc": 0.8, "ccf2020": 0.6, "baoxianzhidao": 0.6}
        found.alike += [Alike(f"qa_{name}", part, weights.get(name, 0.5)) for name, part in rows.items() if len(part) >= _MIN_ROWS]

    def add_languages(self, found: PairData) -> None:
        rows: dict[str, list[Triple]] = defaultdict(list)
        for a, b, _, source in self._pair_rows("cross_lingual"):
            rows[source].append((a, b, None))
        found.alike += [Alike(source, part, 0.35) for source, part in rows.items() if len(part) >= _MIN_ROWS]
        same: list[Triple] = [(a, b, None) for a, b, _, source in self._pair_rows("ko_pairs") if source == "paraKQC"]
        if same:
            found.alike.append(Alike("ko_parakqc", same, 0.4))

    def add_sts(self, found: PairData) -> None:
        for language in ("en", "es", "ja", "ko"):
            rows = [(a, b, float(label) / 5) for a, b, label, source in self._pair_rows(f"{language}_pairs") if source != "paraKQC"]
            found.graded += [Graded(f"sts_{language}", rows, 0.35)] if rows else []
        zh = [(a, b, float(score) / 5) for a, b, score in read_stsb(self._data / "sts" / "stsb-zh-train.csv.gz")]
        found.graded += [Graded("sts_zh", [row for row in zh if self._keep(*row[:2])], 1.0)] if zh else []
        shop = [row for name in ("jddc", *(() if self._open_only else ("ecd",))) for row in self._shop_sts(name)]
        if shop:
            found.graded.append(Graded("sts_shop", shop, 1.0))
            found.alike.append(Alike("shop", [(a, b, None) for a, b, score in shop if score >= 0.8], 0.5))

    def add_intents(self, found: PairData) -> None:
        if not self._open_only:
            found.groups += [Groups("commands", _pairable(rows), 0.6) for rows in [_commands(self._data)] if rows]

    def _shop_sts(self, name: str) -> Iterator[tuple[str, str, float]]:
        for line in _lines(self._data / "shop_pairs_zh" / f"{name}_sts.txt"):
            score, a, b = line.split("\t")[:3]
            yield fill_masks(a, self._rng), fill_masks(b, self._rng), float(score) / 5

    def _pair_rows(self, name: str) -> Iterator[tuple[str, str, str, str]]:
        for line in _lines(self._data / "pretrain" / "pairs" / f"{name}.tsv.gz"):
            a, b, label, source = line.split("\t")
            if source == "source" or not self._keep(a, b) or (self._open_only and not is_open_pair_source(source)):
                continue
            yield fill_masks(a, self._rng), fill_masks(b, self._rng), label, source

    def _keep(self, a: str, b: str) -> bool:
        return bool(a and b) and not (a in self._benchmark and b in self._benchmark)


def read_stsb(path: Path) -> list[tuple[str, str, float]]:
    """Rows (a, b, score 0-5) of an STS-B file; an absent file has none."""
    return [(row[0], row[1], float(row[2])) for row in csv.reader(_lines(path)) if len(row) == 3]


def read_jd_intents(data: Path) -> list[tuple[str, str]]:
    """Rows (message, intent) of jd_intents_zh."""
    rows = [line.split("\t")[:2] for line in _lines(data / "jd_intents_zh" / "train.tsv")]
    return [(text, intent) for text, intent in rows if intent != "intent"]


def benchmark_sentences(data: Path) -> set[str]:
    """Every sentence of the files that INDEX.md marks *benchmark*, in all languages, and the dev sets beside them."""
    files = [
        *(data / "pairs_benchmark_zh").glob("*.gz"),
        *(data / "sts").glob("stsb-*-test*"),
        *(data / "sts").glob("korsts-test*"),
        *(data / "sts").glob("stsb-*-dev*"),
        *(data / "sts").glob("korsts-dev*"),
    ]
    found: set[str] = set()
    for path in files:
        split = csv.reader(_lines(path)) if ".csv" in path.name else (line.split("\t") for line in _lines(path))
        found.update(cell for row in split for cell in row if len(cell) > 3)
    for line in _lines(data / "sts" / "jsts-valid.json.gz"):
        row = json.loads(line)
        found.update((row["sentence1"], row["sentence2"]))
    return found


def _commands(data: Path) -> dict[str, list[str]]:
    """What people say to voice assistants, by domain and, where it is stated, intent: what a shop is not asked."""
    groups: dict[str, list[str]] = defaultdict(list)
    for line in _lines(data / "out_of_scope_zh" / "smp2017_domains.tsv.gz"):
        _, domain, text = line.split("\t", 2)
        if domain != "domain":
            groups[domain].append(text)
    for whole in _lines(data / "out_of_scope_zh" / "smp2019_train.json.gz", whole=True):
        for row in json.loads(whole):
            groups[f"{row['domain']} {row['intent']}"].append(row["text"])
    return groups


def _pairable(groups: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: texts for name, texts in groups.items() if len(texts) > 1}


def _has_both(rows: Iterable[Grade]) -> bool:
    return len({score for _, _, score in rows}) > 1


def _family(source: str) -> str:
    for name in ("stsb", "jddc_sts", "ecd_sts", "dialogue"):
        if source.startswith(name):
            return name
    return source.split("_")[0]


def _lines(path: Path, *, whole: bool = False) -> Iterator[str]:
    """Lines without their ends (or the whole file as one); an absent file has none."""
    if not path.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as rows:
        yield from [rows.read()] if whole else (row.rstrip("\r\n") for row in rows)

"""The whole pre-training command on a tiny data folder: what it writes loads, repeats, and goes on after an interruption."""

import gzip
import itertools
import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer
from torch.nn.functional import normalize

from bot.nlu.data import load_examples
from bot.nlu.folds import calibration_part
from bot.nlu.normalise import plain
from bot.nlu.pretrain.adapt import adapt
from bot.nlu.pretrain.checkpoint import read_counters
from bot.nlu.pretrain.classes import INTENTS_SHARE, make_classes, read_classes
from bot.nlu.pretrain.contrastive import cosent
from bot.nlu.pretrain.distil import SHARE, lesson_loss, read_taught, translations
from bot.nlu.pretrain.loop import Stage, run_stage
from bot.nlu.pretrain.masks import fill_masks
from bot.nlu.pretrain.noise import add_noise
from bot.nlu.pretrain.pairs import read_pairs
from bot.nlu.pretrain.settings import Budget, Recipe, Size
from bot.nlu.pretrain.sources import is_open_licence
from bot.nlu.pretrain.train import pretrain

_MESSAGES = ["我的快递到哪里了", "这个可以退货吗", "什么时候发货呀", "发票怎么开", "Where is my parcel?", "配送はいつですか"]


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    """A run of a few steps over a data folder laid out like the real one."""
    data = _make_data(tmp_path / "data")
    size = Size(vocab=400, hidden=32, layers=1, heads=2, feed_forward=64, max_tokens=32)
    return Recipe(
        data=data,
        out=tmp_path / "encoder",
        work=tmp_path / "work",
        seed=7,
        threads=1,
        size=size,
        mlm=Budget(steps=4),
        contrastive=Budget(steps=6),
        mlm_tokens=256,
        pairs_per_batch=8,
        show_progress=False,
    )


def test_trained_encoder_reloads_with_the_same_embeddings(recipe: Recipe) -> None:
    pretrain(recipe)

    first = SentenceTransformer(str(recipe.out), device="cpu").encode(_MESSAGES)
    second = SentenceTransformer(str(recipe.out), device="cpu").encode(list(_MESSAGES))
    assert first.shape == (len(_MESSAGES), recipe.size.hidden)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(np.linalg.norm(first, axis=1), 1.0, atol=1e-5)
    assert not np.allclose(first[0], first[1], atol=1e-3)


def test_weights_are_stored_in_half_precision_without_pickle(recipe: Recipe) -> None:
    manifest = pretrain(recipe)

    assert not [path for path in recipe.out.rglob("*") if path.suffix in {".bin", ".pt", ".pkl"}]
    assert {tensor.dtype for tensor in load_file(recipe.out / "model.safetensors").values()} == {torch.float16}
    assert json.loads((recipe.out / "manifest.json").read_text(encoding="utf-8")) == json.loads(json.dumps(manifest))


def test_same_seed_vocabulary_and_steps_give_the_same_encoder(recipe: Recipe, tmp_path: Path) -> None:
    pretrain(recipe)
    again = replace(recipe, out=tmp_path / "again", work=tmp_path / "work-again", resume=True)
    again.work.mkdir()
    shutil.copy(recipe.work / "tokenizer.json", again.work)
    pretrain(again)

    assert (again.out / "model.safetensors").read_bytes() == (recipe.out / "model.safetensors").read_bytes()


def test_resume_goes_on_from_the_checkpoint(recipe: Recipe) -> None:
    pretrain(replace(recipe, mlm=Budget(steps=2), contrastive=Budget(steps=0)))
    manifest = pretrain(replace(recipe, resume=True, mlm=Budget(steps=5), contrastive=Budget(steps=3)))

    assert manifest["stages"]["masked_lm"]["steps"] == 5
    assert manifest["stages"]["contrastive"]["steps"] == 3
    assert read_counters(recipe.work / "contrastive.safetensors")["step"] == 3


def test_an_interrupted_stage_ends_with_the_weights_of_an_unbroken_one(tmp_path: Path) -> None:
    unbroken = _line_stage(tmp_path / "unbroken.safetensors", breaks_at=None)
    run_stage(unbroken, resume=False)
    with pytest.raises(KeyboardInterrupt):
        run_stage(_line_stage(tmp_path / "broken.safetensors", breaks_at=5), resume=False)
    resumed = _line_stage(tmp_path / "broken.safetensors", breaks_at=None)
    result = run_stage(resumed, resume=True)

    assert result.steps == 8
    torch.testing.assert_close(resumed.model.weight, unbroken.model.weight, rtol=0, atol=0)


def test_finished_stages_are_not_trained_again_on_resume(recipe: Recipe) -> None:
    pretrain(recipe)
    before = (recipe.out / "model.safetensors").read_bytes()
    pretrain(replace(recipe, resume=True))

    assert (recipe.out / "model.safetensors").read_bytes() == before


def test_a_model_card_survives_a_new_run(recipe: Recipe) -> None:
    recipe.out.mkdir()
    (recipe.out / "README.md").write_text("card", encoding="utf-8")
    pretrain(recipe)

    assert (recipe.out / "README.md").read_text(encoding="utf-8") == "card"


def test_labels_we_measure_on_and_benchmark_pairs_are_not_trained_on(recipe: Recipe) -> None:
    found = read_pairs(recipe.data, sources="all", seed=1)

    assert "jd_intents" not in {group.name for group in found.groups}
    rows = [*(row[:2] for part in found.alike for row in part.rows), *(row[:2] for part in found.graded for row in part.rows)]
    assert rows
    assert ("考试题目一号问题", "考试题目二号问题") not in rows


@pytest.mark.parametrize(
    ("licence", "is_open"),
    [
        ("Apache-2.0", True),
        ("CC BY-SA 4.0 / MIT", True),
        ("none stated", False),
        ("Apache-2.0 repo; text none stated", False),
        ("mixed, mostly research-only/none stated", False),
        ("CC BY-SA 4.0 (cmrc2018); c3 research", False),
    ],
)
def test_open_sources_are_told_from_closed_ones(licence: str, is_open: bool) -> None:
    assert is_open_licence(licence) is is_open


def test_intents_are_learned_but_for_the_calibration_part(recipe: Recipe, tmp_path: Path) -> None:
    examples = tmp_path / "nlu_data"
    (examples / "zh").mkdir(parents=True)
    lines = "".join(f"    - {a}{b}{n}号\n" for n, (a, b) in enumerate(itertools.product("买卖看问找送", "衣帽鞋袜书笔灯锅")))
    (examples / "zh/orders.yml").write_text(f"nlu:\n- intent: query_order\n  examples: |\n{lines}", encoding="utf-8")
    (intents,) = read_classes(examples, recipe.data, sources="all")

    everything = [plain(example.text) for example in load_examples(examples)]
    spared = {text for text, out in zip(everything, calibration_part(everything), strict=True) if out}
    assert spared
    assert set(intents.texts) == set(everything) - spared
    manifest = pretrain(replace(recipe, examples=examples))
    assert manifest["tasks"]["intents"] == pytest.approx(INTENTS_SHARE, abs=0.01)


def test_an_adapted_encoder_tells_the_classes_apart(recipe: Recipe, tmp_path: Path) -> None:
    pretrain(recipe)
    rows = [(f"{verb}{noun}{n}", noun) for noun in ("退货", "快递", "发票") for verb in ("我要", "请问", "怎么") for n in range(20)]
    classes = [make_classes("intents", 1.0, rows)]
    adapt(
        recipe.out, classes, replace(recipe, out=tmp_path / "adapted", work=tmp_path, contrastive=Budget(steps=80), contrastive_rate=5e-3)
    )

    def spread(folder: Path) -> float:
        """How much nearer texts of one class are than texts of two."""
        vectors = SentenceTransformer(str(folder), device="cpu").encode([text for text, _ in rows], normalize_embeddings=True)
        same = np.array([[a == b for _, b in rows] for _, a in rows])
        return float((vectors @ vectors.T)[same].mean() - (vectors @ vectors.T)[~same].mean())

    assert spread(tmp_path / "adapted") > spread(recipe.out) + 0.1


def test_translations_lead_to_english_by_way_of_chinese(tmp_path: Path) -> None:
    rows = ["退款\tRefund\t1\tspree_zh-en", "退款\t返金\t1\tspree_zh-ja", "注册\t登録\t1\tspree_zh-ja"]
    _write(tmp_path / "pretrain/pairs/cross_lingual.tsv.gz", ["a\tb\tlabel\tsource", *rows])
    assert translations(tmp_path, sources="all") == [("返金", "Refund"), ("退款", "Refund")]


def test_lessons_keep_to_the_sources_and_out_of_the_benchmarks(recipe: Recipe, tmp_path: Path) -> None:
    rows = ["退款\tRefund\t1\tspree_zh-en", "你好世界\tHello world\t1\tted_zh-en", "考试题目一号问题\tQuestion one\t1\tspree_zh-en"]
    _write(recipe.data / "pretrain/pairs/cross_lingual.tsv.gz", ["a\tb\tlabel\tsource", *rows])
    pretrain(recipe)
    taught = {sources: set(read_taught(recipe.out, recipe.data, None, sources=sources).texts) for sources in ("all", "open")}
    assert taught == {"all": {"退款", "你好世界"}, "open": {"退款"}}


def test_a_lesson_is_learned_when_the_neighbourhoods_are_the_teachers() -> None:
    rng = np.random.default_rng(1)
    taught = normalize(torch.from_numpy(rng.normal(size=(6, 8))), dim=1)
    turned = torch.linalg.qr(torch.from_numpy(rng.normal(size=(8, 8))))[0]
    assert float(lesson_loss(taught @ turned, taught)) == pytest.approx(0.0, abs=1e-6)
    assert float(lesson_loss(taught[[1, 0, 3, 2, 5, 4]], taught)) > 0.1


def test_a_run_with_a_teacher_learns_its_lessons(recipe: Recipe, tmp_path: Path) -> None:
    _write(recipe.data / "pretrain/lines/en_spree.txt.gz", ["Where is my order", "Refund", "Parcel lost on the way"])
    pretrain(recipe)
    pupil = replace(recipe, teacher=recipe.out, out=tmp_path / "pupil", work=tmp_path / "other")
    assert pretrain(pupil)["tasks"]["lessons"] == pytest.approx(SHARE)
    assert (pupil.work / "teacher.npz").exists()


def test_masks_become_values() -> None:
    filled = fill_masks("我是[姓名x]，订单[订单x]还有[数字x]天[商品快照]", random.Random(1))

    assert "[" not in filled
    assert any(char.isdigit() for char in filled)


def test_noise_never_empties_a_text() -> None:
    rng = random.Random(3)

    assert all(add_noise(text, {"货": "或"}, rng).strip() for text in ["货", "发货", "什么时候发货呀"] * 50)


def test_cosent_is_low_when_the_order_is_right() -> None:
    grades = torch.tensor([0.0, 0.5, 1.0])

    assert cosent(torch.tensor([-9.0, 0.0, 9.0]), grades) < cosent(torch.tensor([9.0, 0.0, -9.0]), grades)


def _line_stage(checkpoint: Path, *, breaks_at: int | None) -> Stage:
    """Eight steps of fitting a line, a checkpoint after each; at step `breaks_at` somebody presses Ctrl-C."""
    torch.manual_seed(1)
    model = torch.nn.Linear(3, 1)

    def step_loss(step: int) -> tuple[torch.Tensor, int]:
        if step == breaks_at:
            raise KeyboardInterrupt
        given = torch.from_numpy(np.random.default_rng(step).random((4, 3), dtype=np.float32))
        return ((model(given) - given.sum(1, keepdim=True)) ** 2).mean(), 12

    return Stage("line", model, step_loss, Budget(steps=8), 1e-2, checkpoint, 0.0, False)


def _make_data(data: Path) -> Path:
    """Made-up rows in the formats of the real files."""
    rng = random.Random(5)
    parts = itertools.product(("我想", "请问", "帮我", "怎么"), ("退货", "换货", "开发票", "查快递"), ("呀", "呢", "吗", "谢谢", "可以么"))
    said = [f"{who}{what}{how}{rng.randint(1, 999)}" for who, what, how in parts]
    _write(data / "pretrain/lines/zh_jd_customer_service.txt.gz", said + _MESSAGES)
    _write(data / "pretrain/MANIFEST.tsv", ["kind\tname\trows\tMB\tlicence", "lines\tzh_jd_customer_service\t1\t1\tnone stated"])
    pairs = [f"{a}\t{b}\t{rng.randint(0, 1)}\tlcqmc_dev" for a, b in zip(said, said[1:] * 2, strict=False)] * 3
    leaked = "考试题目一号问题\t考试题目二号问题\t1\tlcqmc_dev"
    _write(data / "pretrain/pairs/zh_paraphrase.tsv.gz", ["a\tb\tlabel\tsource", leaked, *pairs])
    _write(data / "pairs_benchmark_zh/lcqmc_test.txt.gz", ["考试题目一号问题\t考试题目二号问题\t1"])
    _write(data / "jd_intents_zh/train.tsv", ["text\tintent\torigin", *(f"{text}\t{text[2:4]}\ttrain" for text in said)])
    return data


def _write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(text.encode())) if path.suffix == ".gz" else path.write_text(text, encoding="utf-8")

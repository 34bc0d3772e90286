"""The model that ships: it loads offline, reads both languages, and does not fall below what its card says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sobujang
from sobujang.corpora.corpus import load_corpus
from sobujang.document import Document
from sobujang.evaluation import Evaluation, evaluate
from sobujang.extractor import Extractor

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "models" / "base"
# Strict F1 on the test split, about two points below the card: what another CPU's rounding may cost.
FLOORS = {
    ("ko", "mentions"): 0.85,
    ("ko", "relations"): 0.55,
    ("ko", "coreference"): 0.75,
    ("ko", "comparisons"): 0.32,
    ("en", "mentions"): 0.855,
    ("en", "relations"): 0.545,
    ("en", "coreference"): 0.71,
    ("en", "comparisons"): 0.32,
}


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return sobujang.load()


@pytest.fixture(scope="module")
def on_test_split(extractor: Extractor) -> Evaluation:
    gold = load_corpus(ROOT / "corpora" / "sobujang", extractor.schema).split("test")
    return evaluate(gold, list(extractor.stream(gold)), extractor.schema)


@pytest.mark.parametrize(("language", "task"), FLOORS)
def test_test_split_scores_do_not_fall(on_test_split: Evaluation, language: str, task: str) -> None:
    assert on_test_split.scores[language][task].strict.f1 >= FLOORS[language, task]


def facts(document: Document) -> set[tuple[str, str, str]]:
    return {(document.surface(r.head), r.label, document.surface(r.tail)) for r in document.relations}


def frames(document: Document) -> list[tuple[list[str], list[str], str, float | None]]:
    return [
        (
            [document.surface(i) for i in c["item"]],
            [document.surface(i) for i in c["baseline"]],
            c.direction,
            c.price_ratio,
        )
        for c in document.comparisons
    ]


def test_golden_korean(extractor: Extractor) -> None:
    found = extractor.extract("한빛정밀은 황동으로 만든 커넥터를 일본산의 절반 가격에 스마트폰 제조사에 납품한다.")
    assert found.lang == "ko"
    assert {("한빛정밀", "COMPANY"), ("황동", "MATERIAL"), ("커넥터", "PART"), ("일본", "PLACE")} <= {
        (s.text, s.label) for s in found.spans
    }
    assert {("한빛정밀", "MAKES", "커넥터"), ("커넥터", "MADE_OF", "황동")} <= facts(found)
    assert frames(found) == [(["커넥터"], ["일본"], "lower", 0.5)]


def test_golden_english(extractor: Extractor) -> None:
    found = extractor.extract(
        "Hyundai Wafertech's reclaimed wafers are 25 percent cheaper than Japanese ones, the firm said."
    )
    assert found.lang == "en"
    assert {("reclaimed wafers", "MATERIAL"), ("25 percent", "PERCENT"), ("Japanese", "PLACE")} <= {
        (s.text, s.label) for s in found.spans
    }
    assert frames(found) == [(["reclaimed wafers"], ["Japanese"], "lower", 0.75)]


def test_golden_english_relations(extractor: Extractor) -> None:
    found = extractor.extract("Samsung Electronics supplies OLED panels to Apple from its plant in Asan.")
    assert {(s.text, s.label) for s in found.spans} >= {
        ("Samsung Electronics", "COMPANY"),
        ("OLED panels", "PART"),
        ("Apple", "COMPANY"),
        ("Asan", "PLACE"),
    }
    assert {("Samsung Electronics", "MAKES", "OLED panels"), ("Samsung Electronics", "BASED_IN", "Asan")} <= facts(
        found
    )


@pytest.mark.parametrize(
    "text",
    [
        "구리 가격이 지난달보다 12% 올랐다.",
        "이 배터리의 수명은 기존 제품보다 30% 길다.",
        "Neon prices have risen tenfold since January.",
        "The new sensor is 20 percent faster than its predecessor.",
    ],
)
def test_price_talk_without_a_comparison_gives_none(extractor: Extractor, text: str) -> None:
    assert extractor.extract(text).comparisons == ()


def test_nothing_in_text_about_something_else(extractor: Extractor) -> None:
    for text in ("고양이가 창가에서 잠을 잔다.", "The cat sleeps by the window all afternoon."):
        found = extractor.extract(text)
        assert found.relations == () and found.comparisons == ()


def test_samples_hold_facts_and_comparisons(extractor: Extractor) -> None:
    for path in sorted((ROOT / "corpora" / "samples").glob("*.txt")):
        found = extractor.extract(path.read_text(encoding="utf-8"))
        assert len(found.spans) >= 20, path.name
        assert found.relations, path.name
        assert found.comparisons, path.name


def test_loads_and_reads_with_sockets_blocked_and_without_torch() -> None:
    code = (
        "import pytest_socket, sys; pytest_socket.disable_socket()\n"
        "import sobujang\n"
        "record = sobujang.load().extract('Hanbit makes copper foil in Korea.')\n"
        "assert record.spans\n"
        "assert not {'torch', 'transformers', 'datasets'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_folder_holds_no_pickle_and_no_big_file() -> None:
    files = [path for path in MODEL.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".onnx", ".json", ".md", ".toml"}
    assert max(path.stat().st_size for path in files) <= 45_000_000

"""What is counted is right; how long it takes is not asserted."""

import json

import pytest
from typer.testing import CliRunner

from sobujang.cli import app
from sobujang.extractor import Extractor
from sobujang.speed import load_seconds, measure, peak_memory

TEXTS = [
    "the wafers are 30 percent cheaper than the valves.",
    "한빛정밀은 커넥터를 납품했다.",
    "",
    "the firm sells films. " * 40,
]


def test_counts_and_shares(model_folder):
    extractor = Extractor.load(model_folder)
    before = list(extractor.stream(TEXTS))
    speed = measure(extractor, TEXTS, batch_size=2)
    assert (speed.documents, speed.words) == (4, sum(len(text.split()) for text in TEXTS))
    assert speed.pieces == sum(len(window) for window in extractor.windows(TEXTS))
    assert speed.pieces > speed.words
    assert all(seconds > 0 for seconds in (speed.seconds, speed.bare_seconds, speed.latency, *speed.stages.values()))
    assert speed.words_per_second == speed.words / speed.seconds
    assert list(extractor.stream(TEXTS)) == before
    assert "_encode" not in vars(extractor)


def test_texts_without_words(model_folder):
    with pytest.raises(ValueError, match="no words"):
        measure(Extractor.load(model_folder), ["", " "])


def test_a_fresh_process_and_memory(model_folder):
    assert 0 < load_seconds(model_folder) < 60
    assert peak_memory() > 1e7


def test_the_command_line(model_folder, tmp_path):
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(text)
    result = CliRunner().invoke(
        app,
        ["bench", str(tmp_path), "--model", str(model_folder), "--documents", "9", "--json", str(tmp_path / "f.json")],
    )
    assert result.exit_code == 0, result.output
    figures = json.loads((tmp_path / "f.json").read_text())
    assert figures["documents"] == 9
    assert "words a second" in result.stdout
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "a.txt").write_text(" ")
    result = CliRunner().invoke(app, ["bench", str(empty), "--model", str(model_folder)])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)

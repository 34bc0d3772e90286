"""Several processes give what one gives."""

import os
import signal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sobujang.cli import app
from sobujang.document import Document
from sobujang.errors import ModelError, WorkerError
from sobujang.extractor import Extractor
from sobujang.workers import ExtractorPool

TEXTS = [
    "the wafers are 30 percent cheaper than the valves.",
    "한빛정밀은 커넥터를 납품했다.",
    "",
    "the firm sells films. " * 40,
]


def documents(count):
    return [Document(id=str(number), text=TEXTS[number % len(TEXTS)]) for number in range(count)]


def test_records_are_those_of_one_process(model_folder):
    with ExtractorPool(model_folder, 2) as pool:
        found = [pool.submit(documents(9)[start : start + 2]) for start in range(0, 9, 2)]
        records = [record for batch in found for record in batch.result()]
    extractor = Extractor.load(model_folder)
    assert records == list(extractor.stream(documents(9)))
    assert (pool.schema, pool.fingerprint) == (extractor.schema, extractor.fingerprint)


def test_a_folder_that_is_no_model(tmp_path):
    with pytest.raises(ModelError):
        ExtractorPool(tmp_path, 2)


def test_a_worker_that_is_killed_is_one_error(model_folder):
    with pytest.raises(WorkerError, match="use fewer --workers"), ExtractorPool(model_folder, 1) as pool:
        pool.submit(documents(1)).result()
        for process in pool._pool._processes.values():
            os.kill(process.pid, signal.SIGKILL)
        pool.submit(documents(1)).result()


def test_the_command_line_gives_the_same_files(model_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    for document in documents(13):
        Path("in", f"{document.id}.txt").write_text(document.text)
    for workers in (1, 2):
        result = CliRunner().invoke(
            app,
            [
                "annotate",
                "in",
                "-o",
                f"{workers}/",
                "--model",
                str(model_folder),
                "--workers",
                str(workers),
                "--batch-size",
                "3",
            ],
        )
        assert result.exit_code == 0, result.output
    for name in ("records.jsonl", "report.html"):
        assert Path("1", name).read_bytes() == Path("2", name).read_bytes()

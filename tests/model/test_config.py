"""What a model folder says about itself, and folders that are not whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sobujang.errors import ModelError
from sobujang.extractor import Extractor
from sobujang.model.config import Calibration, ModelConfig
from sobujang.model.folder import CONFIG_FILE, EDGES_FILE, ENCODER_FILE, TOKENIZER_FILE
from sobujang.schema import Schema

FILES = [CONFIG_FILE, TOKENIZER_FILE, ENCODER_FILE, EDGES_FILE]


@pytest.fixture
def folder(model_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_folder, tmp_path / "copy"))


def test_a_configuration_comes_back(tmp_path: Path, schema: Schema) -> None:
    config = ModelConfig(
        name="n", schema=schema.to_dict(), window=99, overlap=7, thresholds={"role": 0.3},
        calibration={"mention": Calibration((0.0, 0.5, 1.0), (0.1, 0.2, 0.9))},
    )  # fmt: skip
    (tmp_path / CONFIG_FILE).write_bytes(config.to_json())
    again = ModelConfig.from_file(tmp_path / CONFIG_FILE)
    assert again.to_json() == config.to_json()
    assert Schema.from_dict(again.schema) == schema
    assert (again.threshold("role"), again.threshold("relation")) == (0.3, 0.5)
    np.testing.assert_allclose(again.calibrated("mention", np.array([0.25, 1.0])), [0.15, 0.9])
    np.testing.assert_allclose(again.calibrated("role", np.array([0.25])), [0.25])
    assert again.calibrated("mention", np.array([])).shape == (0,)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), st.lists(st.floats(0, 1), min_size=2, max_size=6))
def test_calibration_is_monotone_and_stays_between_its_knots(knots: list[float], scores: list[float]) -> None:
    probability = tuple(sorted(knots))
    curve = Calibration(tuple(np.linspace(0, 1, len(knots)).tolist()), probability)
    found = curve(np.sort(np.array(scores)))
    assert (np.diff(found) >= 0).all()
    assert found.min() >= probability[0]
    assert found.max() <= probability[-1]


def test_the_whole_folder_loads(folder: Path) -> None:
    assert Extractor.load(folder).extract("the wafers").text == "the wafers"


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError) as caught:
        Extractor.load(folder)
    assert name in str(caught.value)
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_named(folder: Path, name: str, share: float) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ModelError) as caught:
        Extractor.load(folder)
    assert str(folder / name) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "layout 2"),
        ({"schema": {"name": "x", "mentions": {}}}, "no mention label"),
        ({"schema": {"name": "x", "mentions": {"A": {}}, "colour": 1}}, "colour"),
        ({"window": "wide"}, "window"),
        ({"a new key": 1}, "a new key"),
    ],
)
def test_another_version_is_named(folder: Path, change: dict[str, object], said: str) -> None:
    values = json.loads((folder / CONFIG_FILE).read_bytes())
    (folder / CONFIG_FILE).write_text(json.dumps({**values, **change}))
    with pytest.raises(ModelError, match=said) as caught:
        Extractor.load(folder)
    assert str(folder / CONFIG_FILE) in str(caught.value)


def test_a_configuration_that_is_not_utf8(folder: Path) -> None:
    (folder / CONFIG_FILE).write_bytes(b'{"name": "\xff\xfe"}')
    with pytest.raises(ModelError, match=r"config\.json"):
        Extractor.load(folder)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        Extractor.load(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ModelError, match="file"):
        Extractor.load(tmp_path / "file")

"""Recipes: what they hold, and what their errors say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sobujang.errors import RecipeError
from sobujang.training.recipe import Recipe, Stage, read_recipe

WHOLE = """
name = "tiny"
window = 128
overlap = 32
[training]
corpus = "gold"
epochs = 3
[[before]]
corpus = "ner"
schema = "ner.toml"
dev = "validation"
"""


def test_a_whole_recipe(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(WHOLE, encoding="utf-8")
    recipe = read_recipe(path)
    assert recipe == Recipe(
        name="tiny", window=128, overlap=32, training=Stage(corpus="gold", epochs=3),
        before=(Stage(corpus="ner", schema="ner.toml", dev="validation"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (WHOLE.replace("epochs", "epoch"), r"epoch.*\$\.training"),
        (WHOLE.replace("window", "windows"), "windows"),
        (WHOLE.replace("epochs = 3", 'epochs = "3"'), r"str.*\$\.training\.epochs"),
        (WHOLE.replace("epochs = 3", "epochs = 0"), r"\$\.training\.epochs"),
        (WHOLE.replace("epochs = 3", "learning_rate = -1.0"), r"learning_rate"),
        (WHOLE.replace("epochs = 3", "dropout = 1.5"), r"dropout"),
        (WHOLE.replace('corpus = "ner"', "corpus = 1"), r"before\[.*corpus"),
        (WHOLE.replace('name = "tiny"', ""), "name"),
        (WHOLE.replace("[training]", "[train]"), "train"),
        (WHOLE.replace("overlap = 32", "overlap = 126"), "overlap = 126"),
        (WHOLE.replace("overlap = 32", "overlap = -1"), "overlap = -1"),
        ("name = ", "not valid TOML"),
        ("name = 'a'\nname = 'b'", "not valid TOML"),
        pytest.param("name = " + "[" * 100_000, "nested too deeply", id="brackets"),
        ("", "name|training"),
    ],
)
def test_the_place_of_a_fault_is_named(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "faulty.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RecipeError, match=said) as caught:
        read_recipe(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"nowhere\.toml: cannot read"):
        read_recipe(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes(b"name = '\xe9'")
    with pytest.raises(RecipeError, match=r"latin\.toml"):
        read_recipe(tmp_path / "latin.toml")

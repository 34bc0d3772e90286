"""What the READMEs show is there and runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from sobujang.cli import app
from sobujang.corpora.audit import audit
from sobujang.corpora.markup import parse_markup
from sobujang.schema import Schema

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "models" / "base"
READMES = ("README.md", "README.ko.md")

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[tuple[int, str]]:
    """The fenced blocks of a language, each with the number of lines above its content."""
    text = read(name)
    return [(text.count("\n", 0, match.start(2)), match[2]) for match in _BLOCK.finditer(text) if match[1] == language]


def commands(name: str, program: str) -> Iterator[list[str]]:
    """The words after `$ program` in the console blocks, without comments."""
    for _, block in blocks(name, "console"):
        for line in block.splitlines():
            words = line.partition("#")[0].split()
            if words[:2] == ["$", program]:
                yield words[2:]


@pytest.mark.parametrize("name", READMES)
def test_python_blocks_run_and_show_something(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    if not (MODEL / "config.json").exists():
        pytest.skip("models/base holds no model yet, and the examples load the shipped one")
    found = blocks(name, "python")
    assert found
    namespace: dict[str, Any] = {"__name__": "readme"}
    for above, block in found:
        # As many lines above as in the file, so that a traceback names its line.
        exec(compile("\n" * above + block, name, "exec"), namespace)
        assert capsys.readouterr().out.strip(), f"{name}:{above}: shows nothing"
    assert namespace["record"].relations and namespace["record"].comparisons
    assert namespace["doc"].ents and namespace["doc"]._.comparisons


@pytest.mark.parametrize("name", READMES)
def test_python_blocks_are_python(name: str) -> None:
    for above, block in blocks(name, "python"):
        compile("\n" * above + block, name, "exec")


@pytest.mark.parametrize("name", READMES)
def test_verbs_and_options_exist(name: str) -> None:
    known = get_command(app).commands
    shown = list(commands(name, "sobujang"))
    assert {words[0] for words in shown} >= {"annotate", "train", "evaluate", "audit"}
    for verb, *words in shown:
        assert verb in known, f"{name}: sobujang {verb}"
        options = {option for parameter in known[verb].params for option in parameter.opts}
        for word in words:
            assert not word.startswith("-") or word.partition("=")[0] in options, f"{name}: sobujang {verb} {word}"


@pytest.mark.parametrize("name", READMES)
def test_make_targets_exist(name: str) -> None:
    shown = [words[0] for words in commands(name, "make")]
    assert {"demo", "test"} <= set(shown)
    targets = set(re.findall(r"^(\w+):", read("Makefile"), re.MULTILINE))
    assert set(shown) <= targets


@pytest.mark.parametrize("name", READMES)
def test_relative_links_and_paths_lead_somewhere(name: str) -> None:
    targets = [target for target in _LINK.findall(read(name)) if not re.match(r"\w+:|#", target)]
    # In the console blocks: the repository's own files, not those of the reader.
    words = [word for program in ("sobujang", "pip") for command in commands(name, program) for word in command]
    targets += [word for word in words if word.partition("/")[0] in ("corpora", "models", "src")]
    targets += [word for word in words if word.endswith("constraints.txt")]
    missing = [target for target in targets if not (ROOT / target.partition("#")[0]).exists()]
    if not (MODEL / "config.json").exists():  # the model comes with its card
        missing = [target for target in missing if not target.startswith("models/base/")]
    assert len(targets) > 5
    assert missing == []


def test_the_tree_of_the_repository_is_as_shown() -> None:
    tree = next(block for _, block in blocks("README.md", "") if block.startswith("src/"))
    for name in re.findall(r"^(\S+/)", tree, re.MULTILINE):
        assert (ROOT / name).is_dir(), name
    for name in re.findall(r"(?<= )\w+(?:\.py|/)(?= |$)", tree, re.MULTILINE):
        assert any((ROOT / place / name).exists() for place in ("src/sobujang", "corpora", "models", "tests")), name


def test_the_markup_example_is_gold() -> None:
    schema = Schema.default()
    text = next(block for _, block in blocks("README.md", "") if block.startswith("id: "))
    documents = list(parse_markup(text, schema, "README.md"))
    assert len(documents) == 1 and documents[0].relations and documents[0].comparisons
    assert [str(finding) for finding in audit(documents, schema)] == []


def test_both_languages_say_the_same() -> None:
    """The same commands, links and number of sections; comments and sentences are translated."""
    english, korean = READMES
    for program in ("make", "pip", "sobujang"):
        assert list(commands(english, program)) == list(commands(korean, program))
    assert len(blocks(english, "python")) == len(blocks(korean, "python"))
    assert english in _LINK.findall(read(korean)) and korean in _LINK.findall(read(english))

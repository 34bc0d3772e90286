"""Schemas: what they check, what follows from them, and that the code names no label of the default one."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import sobujang
from sobujang.errors import SchemaError
from sobujang.schema import Schema

SMALL: dict[str, Any] = {
    "name": "small",
    "mentions": {"A": {}, "B": {"quantity": "percent"}, "CUE": {}},
    "relations": {
        "R": {"head": ["A"], "tail": ["B"]},
        "S": {"head": ["A"], "tail": ["A"], "symmetric": True},
        "E": {"head": ["A", "B"], "tail": ["B", "A"], "symmetric": True, "transitive": True, "same_label": True},
    },
    "frames": {"F": {"cues": {"CUE": "better"}, "roles": {"X": {"tail": ["A"], "required": True}}, "amount": "X"}},
}


def changed(path: str, value: object) -> dict[str, Any]:
    """SMALL with one value set, `a.b.c` being the place; None takes it out."""
    copy: dict[str, Any] = ast.literal_eval(repr(SMALL))
    *parents, last = path.split(".")
    at = copy
    for key in parents:
        at = at.setdefault(key, {})
    at[last] = value
    if value is None:
        del at[last]
    return copy


def test_edges_follow_from_the_declaration() -> None:
    schema = Schema.from_dict(SMALL)
    assert schema.labels == ("A", "B", "CUE")
    assert [(e.label, e.kind) for e in schema.edges] == [
        ("R", "relation"), ("S", "relation"), ("E", "coreference"), ("X", "role"),
    ]  # fmt: skip
    admitted = {e.label: {(h, t) for h in schema.labels for t in schema.labels if e.allows(h, t)} for e in schema.edges}
    assert admitted == {
        "R": {("A", "B")}, "S": {("A", "A")}, "E": {("A", "A"), ("B", "B")}, "X": {("CUE", "A")},
    }  # fmt: skip
    assert schema.coreference == "E"
    assert schema.frame_of_cue["CUE"].cues["CUE"] == "better"


def test_a_schema_comes_back() -> None:
    for schema in (Schema.from_dict(SMALL), Schema.default()):
        again = Schema.from_dict(schema.to_dict())
        assert again == schema
        assert again.edges == schema.edges


def test_without_coreference() -> None:
    schema = Schema.from_dict({"name": "flat", "mentions": {"A": {}}})
    assert (schema.edges, schema.coreference, schema.frame_of_cue) == ((), None, {})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (changed("mentions", {}), "no mention label"),
        (changed("mentions", None), "mentions"),
        (changed("relations.R.head", ["Z"]), "relations.R names 'Z'"),
        (changed("relations.R.tail", ["A", "Z"]), "'Z'"),
        (changed("frames.F.roles.X.tail", ["Z"]), "roles.X names 'Z'"),
        (changed("frames.F.cues", {"Z": "up"}), "'Z'"),
        (changed("frames.F.roles", {"R": {"tail": ["A"]}}), "declared twice"),
        (changed("frames.G", {"cues": {"CUE": "x"}, "roles": {"Y": {"tail": ["A"]}}}), "two frames"),
        (changed("frames.F.amount", "Y"), "'Y'"),
        (changed("frames.F.without_amount", ["worse"]), "'worse'"),
        (changed("relations.S.transitive", True), "only one relation"),
        (changed("relations.S.tail", ["A", "B"]), "S is symmetric"),
        (changed("frames.F.roles.Score", {"tail": ["A"]}), "'Score'"),
        (changed("frames.F.roles.Cue", {"tail": ["A"]}), "'Cue'"),
        (changed("frames.F.roles.x", {"tail": ["A"]}), "'x'"),
        (changed("relations.R.colour", "red"), "colour"),
        (changed("mentions.A", {"quantity": "weight"}), "weight"),
        (changed("relations.R.head", "A"), "array"),
        (changed("colour", 1), "colour"),
    ],
)  # fmt: skip
def test_a_contradiction_is_named(values: dict[str, Any], said: str) -> None:
    with pytest.raises(SchemaError, match=said):
        Schema.from_dict(values)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('name = "x"\n[mentions]\nA = {}\n', encoding="utf-8")
    assert Schema.from_toml(path).labels == ("A",)
    for content in (b"name = ", b"\xff\xfe", b'name = "x"\nmentions = 3\n', b"name = " + b"[" * 100_000):
        path.write_bytes(content)
        with pytest.raises(SchemaError, match=r"s\.toml"):
            Schema.from_toml(path)
    with pytest.raises(SchemaError, match="nowhere"):
        Schema.from_toml(tmp_path / "nowhere.toml")


def sources() -> list[Path]:
    return sorted(Path(sobujang.__file__).parent.rglob("*.py"))


def string_constants(path: Path) -> list[tuple[int, str]]:
    """Strings of a module, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_the_code_names_no_label_of_the_default_schema(path: Path) -> None:
    schema = Schema.default()
    labels = {*schema.labels, *(edge.label for edge in schema.edges), *schema.frames}
    pattern = re.compile(r"\b(?:" + "|".join(sorted(labels)) + r")\b")
    assert [(line, text) for line, text in string_constants(path) if pattern.search(text)] == []

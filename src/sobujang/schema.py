"""What an extractor finds: mention labels, relation signatures, frames. Read from TOML and checked.

The code of this package knows no label by name; everything that it does with one follows from what is declared here.
A relation and a role of a frame are both edges between two mentions: `Schema.edges` lists them all, in a fixed order,
which is the order of the model's edge scores.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import msgspec

from sobujang.document import Comparison
from sobujang.errors import SchemaError

QuantityKind = Literal["money", "percent", "multiple"]
EdgeKind = Literal["relation", "coreference", "role"]


class MentionType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mention label. `quantity` says that its surface reads as an amount of that kind."""

    description: str = ""
    color: str = "#d0d7de"
    quantity: QuantityKind | None = None


class RelationType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A relation's signature. Symmetric and transitive together make it an equivalence: coreference."""

    head: tuple[str, ...]
    tail: tuple[str, ...]
    description: str = ""
    symmetric: bool = False
    transitive: bool = False
    same_label: bool = False


class RoleType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role of a frame: the labels that may fill it. A frame without its required roles is not reported."""

    tail: tuple[str, ...]
    required: bool = False
    description: str = ""


class FrameType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A frame: cue labels with the direction each carries, and roles.

    `amount` names the role whose mention says by how much; with it comparisons get a price ratio or difference.
    `without_amount` are directions that take none: two things whose prices differ by an amount are not equal.
    """

    cues: Mapping[str, str]
    roles: Mapping[str, RoleType]
    amount: str | None = None
    without_amount: tuple[str, ...] = ()
    description: str = ""


class EdgeType(msgspec.Struct, frozen=True):
    """One kind of edge between two mentions: a relation, or a role from a cue to what fills it."""

    label: str
    kind: EdgeKind
    heads: frozenset[str]
    tails: frozenset[str]
    same_label: bool = False
    symmetric: bool = False

    def allows(self, head: str, tail: str) -> bool:
        """Whether the signature admits an edge between mentions with these labels."""
        return head in self.heads and tail in self.tails and (head == tail or not self.same_label)


class Schema(msgspec.Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """The whole declaration.

    `no_relation` names relation labels in data that mean "none of these" and are dropped when gold is read.

    Example:
        >>> schema = Schema.default()
        >>> schema.edges[0].label, schema.edges[0].allows("COMPANY", "PART")
        ('MAKES', True)
    """

    name: str
    mentions: Mapping[str, MentionType]
    relations: Mapping[str, RelationType] = {}
    frames: Mapping[str, FrameType] = {}
    version: str = "1"
    description: str = ""
    no_relation: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.mentions:
            raise SchemaError(f"schema {self.name!r} declares no mention label; add a table [mentions.LABEL]")
        seen: set[str] = set()
        for place, label, ends in self._declared_edges():
            if label in seen:
                raise SchemaError(
                    f"schema {self.name!r}: edge label {label!r} is declared twice; rename one at {place}"
                )
            seen.add(label)
            for end in ends:
                if end not in self.mentions:
                    known = ", ".join(self.mentions)
                    raise SchemaError(
                        f"schema {self.name!r}: {place} names {end!r}, which is no mention label ({known})"
                    )
        cues = [cue for frame in self.frames.values() for cue in frame.cues]
        if len(cues) != len(set(cues)):
            raise SchemaError(f"schema {self.name!r}: one cue label serves two frames; a cue must tell its frame")
        for label, relation in self.relations.items():
            # Such an edge is asked for once, whichever of its two mentions comes first.
            if relation.symmetric and set(relation.head) != set(relation.tail):
                raise SchemaError(
                    f"schema {self.name!r}: relations.{label} is symmetric; give it the same head and tail"
                )
        for name, frame in self.frames.items():
            taken = set(Comparison.__struct_fields__)  # beside which the roles stand in a record
            for role in frame.roles:
                if role.lower() in taken:
                    raise SchemaError(f"schema {self.name!r}: frames.{name} cannot call a role {role!r}; rename it")
                taken.add(role.lower())
            if frame.amount is not None and frame.amount not in frame.roles:
                raise SchemaError(f"schema {self.name!r}: frames.{name}.amount = {frame.amount!r} is none of its roles")
            if unknown := set(frame.without_amount) - set(frame.cues.values()):
                raise SchemaError(
                    f"schema {self.name!r}: frames.{name}.without_amount: {min(unknown)!r} is no direction of its cues"
                )
        if sum(r.symmetric and r.transitive for r in self.relations.values()) > 1:
            raise SchemaError(
                f"schema {self.name!r}: only one relation can be both symmetric and transitive (coreference)"
            )

    def _declared_edges(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        for label, relation in self.relations.items():
            yield f"relations.{label}", label, relation.head + relation.tail
        for name, frame in self.frames.items():
            for label, role in frame.roles.items():
                yield f"frames.{name}.roles.{label}", label, (*frame.cues, *role.tail)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The mention labels, in the order declared: the order of the model's scores."""
        return tuple(self.mentions)

    @cached_property
    def edges(self) -> tuple[EdgeType, ...]:
        """Relations in the order declared, then the roles of each frame."""
        found = []
        for label, r in self.relations.items():
            kind: EdgeKind = "coreference" if r.symmetric and r.transitive else "relation"
            found.append(EdgeType(label, kind, frozenset(r.head), frozenset(r.tail), r.same_label, r.symmetric))
        for frame in self.frames.values():
            for label, role in frame.roles.items():
                found.append(EdgeType(label, "role", frozenset(frame.cues), frozenset(role.tail)))
        return tuple(found)

    @cached_property
    def coreference(self) -> str | None:
        """The label of the relation that is an equivalence, if one is declared."""
        return next((edge.label for edge in self.edges if edge.kind == "coreference"), None)

    @cached_property
    def frame_of_cue(self) -> dict[str, FrameType]:
        """Frames by cue label."""
        return {cue: frame for frame in self.frames.values() for cue in frame.cues}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], source: str = "schema") -> Schema:
        """Checks plain values (from TOML or JSON) and builds the schema.

        Raises:
            SchemaError: a key is unknown, a type is wrong, or a label is used but not declared.
        """
        try:
            return msgspec.convert(values, cls)
        except msgspec.ValidationError as error:
            raise SchemaError(f"{source}: {error}") from None

    @classmethod
    def from_toml(cls, path: str | Path) -> Schema:
        """Reads a schema file.

        Raises:
            SchemaError: the file is missing, no TOML, or contradicts itself.
        """
        try:
            values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise SchemaError(f"{path}: cannot read the schema: {error.strerror}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SchemaError(f"{path}: not valid TOML: {error}") from None
        except RecursionError:
            raise SchemaError(f"{path}: nested too deeply; write fewer brackets inside one another") from None
        return cls.from_dict(values, str(path))

    @classmethod
    def default(cls) -> Schema:
        """The schema that ships with the package (`schemas/sobujang.toml`)."""
        text = resources.files("sobujang").joinpath("schemas/sobujang.toml").read_text(encoding="utf-8")
        return cls.from_dict(tomllib.loads(text), "sobujang.toml")

    def to_dict(self) -> dict[str, Any]:
        """Plain values that `from_dict` reads back."""
        return dict(msgspec.to_builtins(self))

"""One code for every schema: what one batch teaches, the extractor gives back.

Four kinds of task, each with made-up sentences: mentions alone, relations between given mentions, mentions and
relations together, frames with directions that are no prices.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from sobujang.corpora.markup import parse_markup
from sobujang.document import Document, Relation
from sobujang.extractor import Extractor
from sobujang.model.config import ModelConfig
from sobujang.model.network import Network
from sobujang.model.subwords import Subwords
from sobujang.schema import Schema
from sobujang.training.backend import TorchBackend
from sobujang.training.examples import Collator, build_dataset

WINDOW, OVERLAP = 64, 16

NER = {"name": "ner", "mentions": {"PS": {}, "OG": {}, "LC": {}, "DT": {}}}
NER_GOLD = """id: a

[한빛정밀]{OG o}은 [일본]{LC l}산의 커넥터를 만든다
----
====
id: b

[Kim Lee]{PS p} met [Hanbit]{OG o} in [Seoul]{LC l} on [May 3]{DT d}.
[Park]{PS q} did not.
----
====
id: c

가격을 낮추다
----
====
id: d

[이회사]{OG o}[일본]{LC l}
----
"""

RE = {
    "name": "re",
    "mentions": {"PER": {}, "ORG": {}, "POH": {}},
    "relations": {
        "works_for": {"head": ["PER"], "tail": ["ORG"]},
        "title": {"head": ["PER"], "tail": ["POH"]},
        "members": {"head": ["ORG"], "tail": ["ORG"]},
    },
    "no_relation": ["no_relation"],
}
RE_GOLD = """id: a

[Kim]{PER a} joined [Hanbit]{ORG b} in May.
----
works_for a -> b
====
id: b

[Kim]{PER a} sued [Hanbit]{ORG b} in May.
----
====
id: c

[Lee]{PER a} is the [head]{POH b} here.
----
title a -> b
====
id: d

[Hanbit]{ORG a} is part of [Daehan]{ORG b}.
----
members b -> a
"""

JOINT = {
    "name": "joint",
    "mentions": {"Peop": {}, "Org": {}, "Loc": {}, "Other": {}},
    "relations": {
        "Live_In": {"head": ["Peop"], "tail": ["Loc"]},
        "OrgBased_In": {"head": ["Org"], "tail": ["Loc"]},
        "Work_For": {"head": ["Peop"], "tail": ["Org"]},
        "Kill": {"head": ["Peop"], "tail": ["Peop"]},
        "Located_In": {"head": ["Loc"], "tail": ["Loc"]},
        "Same": {
            "head": ["Peop", "Org"],
            "tail": ["Peop", "Org"],
            "symmetric": True,
            "transitive": True,
            "same_label": True,
        },
    },
}
JOINT_GOLD = """id: a

[Oswald]{Peop a} shot [Kennedy]{Peop b} in [Dallas]{Loc c}, [Texas]{Loc d}. [He]{Peop e} ran. So did [the man]{Peop f}.
----
Kill a -> b
Located_In c -> d
Live_In a -> c
Same e -> a
Same f -> e
====
id: b

[Kim]{Peop a} of [Hanbit]{Org b} in [Seoul]{Loc c} left [Daehan]{Org d}.
----
Work_For a -> b
OrgBased_In b -> c
"""

FRAMES = {
    "name": "opinions",
    "mentions": {"THING": {}, "ASPECT": {}, "BETTER": {}, "WORSE": {}, "EVEN": {}},
    "frames": {
        "OPINION": {
            "cues": {"BETTER": "better", "WORSE": "worse", "EVEN": "equal"},
            "roles": {
                "SUBJECT": {"tail": ["THING"], "required": True},
                "OBJECT": {"tail": ["THING"]},
                "WHAT": {"tail": ["ASPECT"]},
            },
        }
    },
}
FRAMES_GOLD = """id: a

The [D80]{THING a} has a [better]{BETTER k} [lens]{ASPECT w} than the [D70]{THING b}.
----
SUBJECT k -> a
OBJECT k -> b
WHAT k -> w
====
id: b

The [Canon]{THING a} is [worse]{WORSE k} than the [Nikon]{THING b} and the [Sony]{THING c}.
[It]{THING d} is [as good]{EVEN m} in [size]{ASPECT w}.
----
SUBJECT k -> a
OBJECT k -> b, c
SUBJECT m -> d
WHAT m -> w
====
id: c

The [Sony]{THING a} is fine.
----
"""

CASES = {"ner": (NER, NER_GOLD), "re": (RE, RE_GOLD), "joint": (JOINT, JOINT_GOLD), "frames": (FRAMES, FRAMES_GOLD)}


def learn(network: Network, batch: dict[str, torch.Tensor], steps: int) -> list[float]:
    optimizer = torch.optim.AdamW(network.parameters(), lr=5e-3)
    losses = []
    network.train()
    for _ in range(steps):
        loss = network(**batch)["loss"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    network.eval()
    return losses


def said(document: Document) -> dict[str, Any]:
    """What a record says, whatever its ids."""
    place = {s.id: (s.start, s.end, s.label) for s in document.spans}
    return {
        "spans": sorted(place.values()),
        "relations": {(place[r.head], place[r.tail], r.label) for r in document.relations},
        "comparisons": {
            (place[c.cue], c.direction, role, frozenset(place[i] for i in ids))
            for c in document.comparisons
            for role, ids in c.roles.items()
            if ids
        },
    }


@pytest.mark.parametrize("case", CASES)
def test_one_batch_is_learnt_by_heart(case: str, make_network: Callable[..., Network], subwords: Subwords) -> None:
    values, markup = CASES[case]
    schema = Schema.from_dict(values)
    gold = list(parse_markup(markup, schema))
    if case == "re":  # as the data have it: pairs that stand in no relation are labelled so
        none = Relation(head="a", tail="b", label="no_relation")
        gold = [d if d.relations else d.__replace__(relations=(none,)) for d in gold]
    rows = build_dataset(gold, schema, subwords, WINDOW, OVERLAP)
    batch = Collator(schema, subwords)(list(rows))
    network = make_network(schema)
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    losses = learn(network, batch, 80)
    assert losses[-1] < losses[0] / 20

    config = ModelConfig(name=case, schema=schema.to_dict(), window=WINDOW, overlap=OVERLAP)
    extractor = Extractor(config, subwords, TorchBackend(network))
    expected = [said(d.__replace__(relations=tuple(r for r in d.relations if r.label != "no_relation"))) for d in gold]
    assert [said(d) for d in extractor.relate(gold)] == expected
    assert [said(d) for d in extractor.stream(gold)] == expected
    if case == "joint":
        entities = {e.mentions for d in extractor.relate(gold[:1]) for e in d.entities}
        assert ("a", "e", "f") in entities
        assert ("b",) in entities
    else:
        assert all(d.entities == () for d in extractor.stream(gold))


def test_the_edge_loss_sees_only_what_the_schema_admits(
    make_network: Callable[..., Network], subwords: Subwords
) -> None:
    schema = Schema.from_dict(JOINT)
    rows = build_dataset(list(parse_markup(JOINT_GOLD, schema)), schema, subwords, WINDOW, OVERLAP)
    batch = Collator(schema, subwords)(list(rows))
    network = make_network(schema)
    before = network(**batch)["loss"]
    batch["targets"] = torch.where(batch["allowed"], batch["targets"], 1.0)
    assert torch.equal(network(**batch)["loss"], before)
    batch["targets"] = torch.where(batch["allowed"], 1 - batch["targets"], 1.0)
    assert not torch.equal(network(**batch)["loss"], before)


def test_padding_changes_nothing(make_network: Callable[..., Network], subwords: Subwords) -> None:
    """The loss of a batch is that of its windows, each weighted by its mentions, whatever fills them up."""
    schema = Schema.from_dict(JOINT)
    rows = list(build_dataset(list(parse_markup(JOINT_GOLD, schema)), schema, subwords, WINDOW, OVERLAP))
    collate = Collator(schema, subwords)
    network = make_network(schema)
    assert len({row["length"] for row in rows}) > 1
    with torch.no_grad():
        both = network(**collate(rows))["loss"].item()
        turned = network(**collate(rows[::-1]))["loss"].item()
        each = [network(**collate([row]))["loss"].item() for row in rows]
    mentions = [len(row["mentions"]) for row in rows]
    expected = sum(loss * n for loss, n in zip(each, mentions, strict=True)) / sum(mentions)
    assert both == pytest.approx(expected, rel=1e-4)
    assert turned == pytest.approx(both, rel=1e-4)


def test_a_batch_without_mentions_has_a_loss(make_network: Callable[..., Network], subwords: Subwords) -> None:
    schema = Schema.from_dict(JOINT)
    rows = list(build_dataset([Document(id="a", text="the rest")], schema, subwords, WINDOW, OVERLAP))
    loss = make_network(schema)(**Collator(schema, subwords)(rows))["loss"]
    assert torch.isfinite(loss)
    loss.backward()

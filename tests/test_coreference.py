"""Clusters against a plain relaxation, until nothing changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sobujang.coreference import clusters


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12))
def test_clusters_are_connected_components(links: list[tuple[int, int]]) -> None:
    component = {i: i for pair in links for i in pair}
    for _ in component:
        for a, b in links:
            component[a] = component[b] = min(component[a], component[b])
    expected = [{i for i in component if component[i] == c} for c in set(component.values())]
    assert sorted(map(sorted, clusters(links))) == sorted(map(sorted, expected))

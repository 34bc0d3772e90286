"""The journal always holds what an undisturbed run would have written up to there, whatever ended the run before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sobujang.document import Document, Span
from sobujang.errors import OutputError
from sobujang.outputs.journal import close_journal, open_journal
from sobujang.outputs.jsonl import read_records


def made(number, text="값이 싸다"):
    return Document(id=f"d{number}", text=text, spans=(Span(id="T1", start=0, end=1, label="PART", text=text[0]),))


def run(output, documents, made_by="m", stop_at=None):
    """Annotates each document that the journal lacks; returns the ids of those."""
    new = []
    with open_journal(output, made_by) as journal:
        for number, document in enumerate(documents):
            if number == stop_at:
                raise KeyboardInterrupt
            record = journal.find(Document(id=document.id, text=document.text))
            if record is None:
                new.append(document.id)
            journal.write(record or document)
        journal.finish()
    close_journal(output, keep=True)
    return new


@given(data=st.data())
def test_whatever_was_left_the_result_is_that_of_one_run(tmp_path_factory, data):
    output = tmp_path_factory.mktemp("runs") / "x.jsonl"
    numbers = st.lists(st.integers(0, 7), unique=True, max_size=6)
    for _ in range(data.draw(st.integers(0, 3))):
        earlier = [made(number, data.draw(st.sampled_from(["ab", "가나"]))) for number in data.draw(numbers)]
        with pytest.raises(KeyboardInterrupt):
            run(output, [*earlier, made(9)], stop_at=data.draw(st.integers(0, len(earlier))))
        part = output.with_name("x.jsonl.part")
        if part.exists():  # killed in the middle of a line
            part.write_bytes(part.read_bytes()[: data.draw(st.integers(0, len(part.read_bytes())))])
    wanted = [made(number) for number in data.draw(numbers)]
    run(output, wanted)
    assert list(read_records(output)) == wanted
    assert [path.name for path in output.parent.iterdir()] == ["x.jsonl"]


def test_what_is_done_is_not_done_again(tmp_path):
    documents = [made(number) for number in range(4)]
    with pytest.raises(KeyboardInterrupt) as caught:
        run(tmp_path / "x.jsonl", documents, stop_at=2)
    assert "the same command goes on from there" in caught.value.__notes__[0]
    assert run(tmp_path / "x.jsonl", documents) == ["d2", "d3"]


def test_another_model_begins_anew(tmp_path):
    documents = [made(number) for number in range(3)]
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "x.jsonl", documents, stop_at=2)
    assert run(tmp_path / "x.jsonl", documents, made_by="other") == ["d0", "d1", "d2"]


def test_a_text_that_has_changed_is_annotated_again(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "x.jsonl", [made(0), made(1), made(2)], stop_at=2)
    assert run(tmp_path / "x.jsonl", [made(0), made(1, "다른 글"), made(2)]) == ["d1", "d2"]
    assert [record.text for record in read_records(tmp_path / "x.jsonl")] == ["값이 싸다", "다른 글", "값이 싸다"]


def test_a_run_that_wrote_nothing_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "x.jsonl", [made(0)], stop_at=0)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "x.jsonl").mkdir()
    for output in (tmp_path / "x.jsonl", tmp_path / "x.jsonl" / "f" / "y.jsonl"):
        if output.parent.name == "f":
            (tmp_path / "x.jsonl" / "f").touch()
        with pytest.raises(OutputError, match="cannot write: "), open_journal(output, "m"):
            pass

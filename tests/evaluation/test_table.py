from rich.console import Console

from sobujang.document import Comparison, Document, Span
from sobujang.evaluation import evaluate, render, to_markdown
from sobujang.schema import Schema

SCHEMA = Schema.default()


def corpus():
    spans = (
        Span(id="a", start=0, end=1, label="PART"),
        Span(id="k", start=2, end=3, label="COST_LOWER"),
        Span(id="x", start=4, end=5, label="[b]|x"),
    )
    gold = [
        Document(
            id=str(i), text="a k x", lang="ko", spans=spans,
            comparisons=(Comparison(cue="k", direction="lower", roles={"item": ("a",)}),),
        )
        for i in range(4)
    ]  # fmt: skip
    return gold, [gold[0], *(Document(id=d.id, text=d.text, spans=d.spans[:2]) for d in gold[1:])]


def cells(markdown, start):
    line = next(line for line in markdown.splitlines() if line.startswith(start))
    return [cell.strip() for cell in line.strip("|").split(" | ")]


def test_markdown_has_a_row_for_each_task_and_language():
    markdown = to_markdown(evaluate(*corpus(), SCHEMA, bootstrap=20))
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + 6 * 2
    assert {row.count(" | ") for row in rows} == {8}
    mentions = cells(markdown, "| Mentions | ko |")
    assert mentions[2:5] == ["100.0", "75.0", "85.7"] and mentions[-1] == "12"
    assert float(mentions[5].split("–")[0]) <= 85.7 <= float(mentions[5].split("–")[1])
    assert "direction right in 1 of 1 cues found (100.0" in markdown
    assert "20 resamples" in markdown


def test_what_gold_lacks_is_a_dash_but_wrong_predictions_show_in_precision():
    markdown = to_markdown(evaluate(*corpus(), SCHEMA))
    assert cells(markdown, "| Relations | all |")[2:] == ["–"] * 7
    found = Document(id="d", text="a", spans=(Span(id="a", start=0, end=1, label="PART"),))
    only_wrong = to_markdown(evaluate([Document(id="d", text="a")], [found], SCHEMA))
    assert cells(only_wrong, "| Mentions | all |")[2:] == ["0.0", *["–"] * 6]
    nothing_found = to_markdown(evaluate([found], [], SCHEMA))
    assert cells(nothing_found, "| Mentions | all |")[2:] == ["–", "0.0", "0.0", "–", "0.0", "0.0", "1"]


def test_labels_are_shown_as_they_stand():
    result = evaluate(*corpus(), SCHEMA)
    assert "[b]\\|x | all | 100.0 | 25.0 |" in to_markdown(result, labels=True)
    assert "[b]" not in to_markdown(result)
    console = Console(width=80, record=True)
    console.print(render(result, labels=True))
    text = console.export_text()
    assert "[b]|x" in text and "Comparison roles" in text


def test_a_line_with_an_interval_fits_a_terminal():
    console = Console(width=80, record=True)
    console.print(render(evaluate(*corpus(), SCHEMA, bootstrap=20)))
    text = console.export_text()
    assert "Comparison roles" in text and "…" not in text

"""The measurements of `make bench-quality`, made small: they measure, and each measure can fail."""

from __future__ import annotations

import json
import math
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.model import Answer, Citation, NotFound, Question, Statement, Turn
from ingest.library.library import Library
from ingest.parse.front_matter import split_front_matter
from ingest.records import Filter, Report
from tests.benchmarks.quality.__main__ import answers_of, main, rounds_of
from tests.benchmarks.quality.chart import draw
from tests.benchmarks.quality.found import ranking_of, relevant_to
from tests.benchmarks.quality.measures import Measures, mean, measures_of
from tests.benchmarks.quality.pipelines import fuse, opened, search
from tests.benchmarks.quality.results import OURS, Line, milliseconds_of
from tests.benchmarks.quality.retrieval import Order, Search, Text, run, start
from tests.benchmarks.quality.sets import (
    Asked,
    Document,
    QuestionSet,
    build,
    documents_of,
    file_of,
    read_set,
)
from tests.benchmarks.quality.verdicts import Judge, Verdict, figures_in
from tests.benchmarks.rivals.bigrams import bigrams

_PROJECT = Path(__file__).parents[2]
_NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
_DOCUMENTS = (
    Document(
        "memory/1",
        "DRAM contract prices rose 18% in the first quarter as three makers added no capacity.",
        'Memory: "tight" supply',
        "Northgate Research",
        "2024-02-20",
    ),
    Document(
        "solar:2",
        "Polysilicon inventories fell to 21 days in February, the lowest level since 2021.",
        "Solar weekly",
        "Harbour Securities",
        "2024-02-26",
    ),
    Document("copper", "Copper treatment charges collapsed to 11 dollars a tonne."),
)
_QUESTIONS = (
    {
        "query_id": "q1",
        "text": "How much did DRAM contract prices rise in the first quarter?",
        "answer": "18%",
        "answerable": True,
    },
    {
        "query_id": "q2",
        "text": "To how many days did polysilicon inventories fall in February?",
        "answer": "21 days",
        "answerable": True,
    },
    {
        "query_id": "q3",
        "text": "How many wind turbines did Vestas install in Brazil?",
        "answer": "",
        "answerable": False,
    },
)
_RELEVANT = {"q1": "memory/1", "q2": "solar:2"}


@pytest.fixture(scope="module")
def eval_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two small sets of questions."""
    home = tmp_path_factory.mktemp("eval")
    said = [
        {"speaker": "user", "text": "What of memory?"},
        {"speaker": "agent", "text": "It is tight."},
    ]
    corpus = [
        {
            "doc_id": each.id,
            "title": each.title,
            "source": each.publisher,
            "published": each.published,
            "text": each.text,
        }
        for each in _DOCUMENTS
    ]
    lines = ["query_id\tdoc_id\trelevance", *(f"{q}\t{d}\t1" for q, d in _RELEVANT.items())]
    for name in ("multihoprag500", "mtragun"):
        folder = home / name
        folder.mkdir()
        history = {"history": said} if name == "mtragun" else {}
        _write(folder / "corpus.jsonl", corpus)
        _write(folder / "queries_dev.jsonl", [{**each, **history} for each in _QUESTIONS])
        (folder / "qrels_dev.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home


@pytest.fixture
def sets(eval_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, as the environment names it."""
    monkeypatch.setenv("EVAL_DIR", str(eval_dir))
    return eval_dir


@pytest.fixture(scope="module")
def library(eval_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The library of the first set, which no test changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVAL_DIR", str(eval_dir))
        place = build(read_set("multihoprag500"), tmp_path_factory.mktemp("built"))
    with opened(place) as library:
        yield library


def test_the_table_is_measured(
    sets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the sets to the table: every pipeline is measured, every quotation stands verbatim."""
    figures, chart = tmp_path / "all.json", tmp_path / "images" / "all.svg"
    arguments = ["--sets", "multihoprag500,mtragun", "--pipelines", f"{OURS},plain"]
    arguments += ["--keep", str(tmp_path / "kept"), "--json", str(figures), "--chart", str(chart)]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    lines = json.loads(figures.read_text(encoding="utf-8"))
    plain = ["dense only", "BM25 only", "RRF of the two"]
    joined = [f"{each}, turns joined" for each in plain]
    assert [(each["set_name"], each["pipeline"]) for each in lines] == [
        *(("multihoprag500", each) for each in [OURS, *plain]),
        *(("mtragun", each) for each in [OURS, *plain, *joined]),
    ]
    drawn = chart.read_text(encoding="utf-8")
    for name in ("multihoprag500", "mtragun", OURS, *plain, *joined):
        assert name in said
        assert name in drawn
    ours = lines[0]
    assert ours["passages"] == len(_DOCUMENTS)
    assert ours["measures"]["ndcg"] == 1
    answers = ours["answers"]
    assert (answers["answerable"], answers["unanswerable"]) == (2, 1)
    assert answers["quoted"] == answers["cited"] == 2
    assert answers["refused"] == 1
    assert answers["statements"] >= 2
    assert re.search(r"verbatim at the offsets given: (\d+) of \1\n", said)
    assert ours["embedding"] > 0
    assert ours["milliseconds"][1] >= ours["milliseconds"][0] > 0


@pytest.mark.parametrize(
    ("arguments", "variable"),
    [(["--sets", "mtragun"], "EVAL_DIR"), (["--sets", "seeds"], "SEED_REPORTS_DIR")],
)
def test_what_to_set_is_said(
    arguments: list[str],
    variable: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without the sets nothing is measured, and the variable to set is named."""
    monkeypatch.delenv(variable, raising=False)
    assert main(arguments) == 2
    assert variable in capsys.readouterr().err


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip in the name of a set or a pipeline is told with the names there are."""
    with pytest.raises(SystemExit, match="2"):
        main(["--sets", "sec10k"])
    assert "sec10k is none of sec10q" in capsys.readouterr().err


def test_measures_are_those_worked_out_by_hand() -> None:
    """Two relevant of grade 2 and 1, the lower found second and the higher sixth."""
    found = measures_of(["a", "low", "b", "c", "d", "high"], {"high": 2, "low": 1})
    gained = 1 / math.log2(3) + 2 / math.log2(7)
    best = 2 / math.log2(2) + 1 / math.log2(3)
    assert found.ndcg == pytest.approx(gained / best)
    assert found.ndcg == pytest.approx(0.5105, abs=1e-4)
    assert (found.recall, found.reciprocal_rank, found.hit) == (1.0, 0.5, 1.0)


@pytest.mark.parametrize(
    ("ranking", "relevant", "expected"),
    [
        (["x"], {"x": 1}, Measures(1, 1, 1, 1)),
        ([], {"x": 1}, Measures(0, 0, 0, 0)),
        ([*"abcde", "x"], {"x": 3}, Measures(1 / math.log2(7), 1, 1 / 6, 0)),
        ([*"abcdefghij", "x"], {"x": 1}, Measures(0, 0, 0, 0)),
        (["x", "y"], {"x": 1, "y": 1, "z": 1, "w": 1}, Measures(0.6366, 0.5, 1, 1)),
    ],
)
def test_measures(ranking: list[str], relevant: dict[str, int], expected: Measures) -> None:
    """Ten places count, five of them for a hit; what is not found counts against recall."""
    found = measures_of(ranking, relevant)
    assert found.ndcg == pytest.approx(expected.ndcg, abs=1e-4)
    assert found.reciprocal_rank == pytest.approx(expected.reciprocal_rank)
    assert (found.recall, found.hit) == (expected.recall, expected.hit)


@pytest.mark.parametrize(("ranking", "relevant"), [(["a"], {}), (["a", "a"], {"a": 1})])
def test_what_cannot_be_measured_is_refused(ranking: list[str], relevant: dict[str, int]) -> None:
    """Nothing relevant, or one document twice: a figure would mean nothing."""
    with pytest.raises(ValueError, match=r"nothing is relevant|stands twice"):
        measures_of(ranking, relevant)


@given(
    st.permutations([*"abcdefghijklmn"]),
    st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 3), min_size=1),
)
def test_no_ranking_beats_the_order_of_relevance(
    ranking: list[str], relevant: dict[str, int]
) -> None:
    """The order of relevance is the best; to move something relevant up never lowers a measure."""
    found = measures_of(ranking, relevant)
    best = measures_of(sorted(ranking, key=lambda each: -relevant.get(each, 0)), relevant)
    assert best.ndcg == pytest.approx(1)
    for name in ("ndcg", "recall", "reciprocal_rank", "hit"):
        assert 0 <= getattr(found, name) <= getattr(best, name) + 1e-9
    place = next(place for place, each in enumerate(ranking) if each in relevant)
    if place > 0 and ranking[place - 1] not in relevant:
        ranking[place - 1], ranking[place] = ranking[place], ranking[place - 1]
        moved = measures_of(ranking, relevant)
        for name in ("ndcg", "recall", "reciprocal_rank", "hit"):
            assert getattr(moved, name) >= getattr(found, name) - 1e-9


def test_the_mean_is_of_each_measure() -> None:
    """Every question counts the same."""
    assert mean([Measures(1, 0.5, 1, 1), Measures(0, 0, 0.5, 0)]) == Measures(0.5, 0.25, 0.75, 0.5)


def test_times_are_told_in_milliseconds() -> None:
    """The median, and what five of a hundred exceed."""
    median, slow = milliseconds_of([each / 1_000 for each in range(1, 102)])
    assert median == pytest.approx(51)
    assert slow == pytest.approx(96)


def test_documents_are_ranked_by_their_best_passage() -> None:
    """A document counts once, where it is found first; what says the same is found together."""
    asked = _asked(relevant={"b": 1})
    found = [(("a",), "1"), (("b", "c"), "2"), (("a",), "3"), (("d",), "4")]
    assert ranking_of(asked, found) == ["a", "b", "c", "d"]
    assert relevant_to(asked) == {"b": 1}


def test_a_passage_that_holds_a_fragment_is_what_is_relevant() -> None:
    """Where fragments are named it is passages that count, whichever document they are of."""
    asked = _asked(fragments=("92.5 million views",))
    found = [(("a",), "Snowy Tokyo"), (("a",), "it reached 92.5\nmillion views"), (("a",), "")]
    measured = measures_of(ranking_of(asked, found), relevant_to(asked))
    assert measured.reciprocal_rank == 0.5


@pytest.mark.parametrize("document", [*_DOCUMENTS, Document("a: b/ü?*", "# x", "- t: 'q' \\")])
def test_a_file_gives_its_document_back(document: Document, tmp_path: Path) -> None:
    """Its name gives the id, its front matter what is known, and the text stands below."""
    name, text = file_of(document)
    (tmp_path / name).write_text(text, encoding="utf-8")
    stated, below = split_front_matter(text, name)
    known = {
        "title": document.title,
        "publisher": document.publisher,
        "published": document.published,
    }
    assert stated == {key: value for key, value in known.items() if value}
    assert below.strip() == document.text


def test_reports_are_documents(library: Library) -> None:
    """Each document of a set is found again in its library, by name."""
    assert sorted(documents_of(library).values()) == [("copper",), ("memory/1",), ("solar:2",)]


def test_a_library_that_is_kept_is_brought_up_to_date(sets: Path, tmp_path: Path) -> None:
    """The second time nothing is read again, and a document that says something new is."""
    questions = read_set("multihoprag500")
    places = []
    for documents in (
        questions.documents,
        questions.documents,
        (*questions.documents[:2], replace(questions.documents[2], text="Zinc smelters restart.")),
    ):
        place = build(replace(questions, documents=documents), tmp_path / "built")
        with opened(place) as library:
            events = library.history.versions_of(_report_of(library, "copper").id)
            places.append(len(events))
    assert places == [1, 1, 2]


def test_what_cannot_be_taken_in_ends_the_run(tmp_path: Path) -> None:
    """A set whose document is lost on the way would be measured wrongly."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    broken = QuestionSet("broken", tmp_path / "broken", (), ())
    with pytest.raises(RuntimeError, match=r"broken: could not be taken in: a\.pdf"):
        build(broken, tmp_path / "built")


def test_plain_searches_find_documents(library: Library) -> None:
    """Each way finds the document that says it, and tells how long each question took."""
    found = search(library, [str(each["text"]) for each in _QUESTIONS[:2]])
    assert list(found) == ["dense only", "BM25 only", "RRF of the two"]
    for searched in found.values():
        assert [passages[0][0] for passages in searched.found] == [("memory/1",), ("solar:2",)]
        assert len(searched.seconds) == 2
        assert min(searched.seconds) > 0


def test_fusion_adds_reciprocal_ranks(library: Library) -> None:
    """What both rankings hold comes before what one of them holds first."""
    a, b, c = library.matching("DRAM polysilicon copper", Filter(), 3)
    assert fuse([a, b], [c, b])[0] == b
    assert fuse([a], []) == [a]


def test_a_conversation_is_asked_in_two_ways(sets: Path) -> None:
    """Footnote is told the turns; who knows none gets the last question, or all in a row."""
    questions = read_set("mtragun")
    last, joined = rounds_of(questions, limit=2)
    assert [len(each.asked) for each in (last, joined)] == [2, 2]
    assert last.asked[0].question.history == (Turn("What of memory?", "It is tight."),)
    assert last.words[0] == _QUESTIONS[0]["text"]
    assert joined.words[0] == f"What of memory?\n{_QUESTIONS[0]['text']}"
    assert [each.publisher for each in questions.documents] == [None] * 3


@pytest.mark.parametrize(
    ("asked", "quote", "quoted", "cited"),
    [
        ({"answer": "18%"}, "rose 18% in", True, True),
        ({"answer": "18%"}, "as three makers", False, True),
        ({"answer": "19%"}, "as three makers", True, True),
        ({"answer": "DRAM makers were careful because prices had fallen"}, "rose", True, True),
        ({"answer": "In all it rose by 1,812 dollars since 2021."}, "rose", False, False),
        ({"answer": "18%", "relevant": {"copper": 1}}, "rose 18% in", False, False),
        ({"fragments": ("three makers",)}, "as three makers", True, True),
        ({"fragments": ("three makers",)}, "rose 18%", False, True),
        ({"fragments": ("four makers",)}, "rose 18%", False, False),
    ],
)
def test_evidence_is_judged(
    asked: dict[str, object], quote: str, quoted: bool, cited: bool, library: Library
) -> None:
    """What is quoted, and what is cited, must be of a relevant document and hold the answer."""
    judge = Judge(library, documents_of(library), {each.id: each.text for each in _DOCUMENTS})
    question = _asked(**{"relevant": {"memory/1": 1}, **asked})  # type: ignore[arg-type] # a table
    verdict = judge(question, _answer(library, quote))
    assert (verdict.answered, verdict.quoted, verdict.cited) == (True, quoted, cited)
    assert verdict.misquoted == ()


@pytest.mark.parametrize(
    ("change", "stands"),
    [
        ({}, True),
        ({"lead": "DRAM contract prices", "start": -21}, True),
        ({"start": 1}, False),
        ({"end": 1}, False),
        ({"text": "rose 19% in"}, False),
        ({"lead": "NAND contract prices", "start": -21}, False),
        ({"lead": "contract prices", "start": -21}, False),
    ],
)
def test_a_quotation_that_does_not_stand_is_told(
    change: dict[str, object], stands: bool, library: Library
) -> None:
    """A letter that is not in the report at the offsets given, in the sentence or its lead."""
    judge = Judge(library, documents_of(library), {})
    answer = _answer(library, "rose 18% in")
    (statement,) = answer.statements
    moved = {
        key: value + getattr(statement, key) if isinstance(value, int) else value
        for key, value in change.items()
    }
    changed = replace(statement, **moved)  # type: ignore[arg-type] # a table of cases
    verdict = judge(_asked(), replace(answer, statements=(changed,)))
    assert verdict.statements == 1
    assert (verdict.misquoted == ()) is stands


def test_a_refusal_holds_nothing(library: Library) -> None:
    """Nothing is quoted or cited by not knowing, whatever is shown as the nearest."""
    judge = Judge(library, documents_of(library), {})
    asked = _asked(fragments=("DRAM",))
    nearest = _answer(library, "DRAM").citations
    assert judge(asked, NotFound(asked.question, nearest)) == Verdict(False, False, False, 0, ())


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("$37.2 billion", ["372"]),
        ("37,200 in 2023 and 2,023 more", ["372", "2023"]),
        ("65.0 and 12%, 0.5 and 1999", []),
        ("Q3: 1,234.50", ["12345"]),
    ],
)
def test_figures_meet_in_whatever_unit(text: str, figures: Sequence[str]) -> None:
    """Significant digits alone count, three at least; years tell nothing."""
    assert list(figures_in(text)) == figures


def test_answers_are_counted() -> None:
    """Shares are of the questions that have an answer, and of those that have none."""
    yes, no = _asked(), replace(_asked(), answerable=False)
    verdicts = [
        Verdict(True, True, True, 2, ()),
        Verdict(False, False, False, 0, ()),
        Verdict(True, True, True, 1, ("wrong",)),
        Verdict(False, False, False, 0, ()),
    ]
    counted = answers_of([yes, yes, no, no], verdicts)
    assert (counted.answerable, counted.quoted, counted.cited) == (2, 1, 1)
    assert (counted.wrongly_refused, counted.unanswerable, counted.refused) == (1, 2, 1)
    assert (counted.statements, counted.misquoted) == (3, ("wrong",))


def test_a_rival_is_given_the_texts_and_gives_what_it_found(tmp_path: Path) -> None:
    """Through files, as between processes: passages, best first, and seconds of each question."""

    class Overlap:
        """Texts by how many words of a question they hold."""

        def __init__(self, search: Search) -> None:
            self.passages = len(search.texts)
            self._texts = search.texts

        def __call__(self, question: str) -> list[tuple[str, str]]:
            asked = set(question.lower().split())
            best = sorted(self._texts, key=lambda it: -len(asked & set(it.text.lower().split())))
            return [(each.document, each.below_head(each.text)) for each in best]

    def make(order: Order) -> type[Overlap]:
        assert (order.model, order.depth) == ("model", 10)
        return Overlap

    texts = tuple(Text(each.id, each.head, each.text) for each in _DOCUMENTS)
    questions = tuple(str(each["text"]) for each in _QUESTIONS[:2])
    order = Order("model", str(tmp_path), 10, (Search("news", False, texts, questions),))
    found = _ordered(order, make, tmp_path)
    assert [each[0][0] for each in found["found"]] == ["memory/1", "solar:2"]
    assert found["found"][0][0][1].splitlines()[:3] == _DOCUMENTS[0].head.splitlines()
    assert len(found["seconds"]) == 2
    assert found["passages"] == 3


def test_a_rival_that_fails_says_why(tmp_path: Path) -> None:
    """A pipeline that cannot be run is not left out in silence."""
    order = Order("model", str(tmp_path), 10, ())
    with pytest.raises(RuntimeError, match=r"No module named tests\.benchmarks\.rivals\.nobody"):
        start(sys.executable, "tests.benchmarks.rivals.nobody", order, tmp_path)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("荣盛发展涨停", ["荣盛", "盛发", "发展", "展涨", "涨停"]),
        ("2023年LPR下调", ["2023", "lpr", "下调"]),
        ("新iPhone 6s", ["iphone", "6s"]),
        ("储", []),
    ],
)
def test_rivals_find_chinese(text: str, cut: Sequence[str]) -> None:
    """Neighbouring characters make a word, and so do letters and figures between them."""
    assert bigrams(text) == cut


def test_the_chart_shows_every_figure() -> None:
    """A bar for each pipeline of each set, as long as its figure, the best on top."""
    lines = [_line("a < b", OURS, 0.9), _line("a < b", "other", 0.95), _line("c", OURS, 1.0)]
    drawn = ET.fromstring(draw(lines))  # noqa: S314 # drawn here
    texts = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[1:] == ["a < b", "other", ".950", OURS, ".900", "c", OURS, "1.000"]
    widths = [float(each.get("width", 0)) for each in drawn.iter() if each.tag.endswith("rect")]
    whole, other, also, ours = widths[1:5]
    assert whole == also
    assert other / whole == pytest.approx(0.95, abs=1e-3)
    assert ours / whole == pytest.approx(0.9, abs=1e-3)


def test_what_is_measured_beside_is_pinned() -> None:
    """Each package of the extra `bench` stands in the lock of the rivals' environment."""
    project = tomllib.loads((_PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [
        re.split("[<>=]", each)[0] for each in project["project"]["optional-dependencies"]["bench"]
    ]
    lock = (_PROJECT / "tests/benchmarks/rivals/requirements.txt").read_text(encoding="utf-8")
    pinned = {line.partition("==")[0].lower() for line in lock.splitlines() if "==" in line}
    assert len(named) > 10
    assert set(named) <= pinned


def _write(file: Path, rows: Sequence[object]) -> None:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _asked(
    relevant: dict[str, int] | None = None, answer: str = "", fragments: tuple[str, ...] = ()
) -> Asked:
    return Asked("q", Question("How many?", _NOW), True, relevant or {}, answer, fragments)


def _report_of(library: Library, document: str) -> Report:
    named = documents_of(library)
    every = library.reports(Filter(), 0, 100)
    return next(report for report in every if document in named[report.id])


def _answer(library: Library, quote: str) -> Answer:
    """An answer that quotes a part of the first document."""
    report = _report_of(library, "memory/1")
    passages = library.history.passages_of(report.id, report.version)
    (passage,) = [each for each in passages if quote in each.text]
    start = passage.start + passage.text.index(quote)
    citation = Citation(1, passage, report)
    statement = Statement(quote, "", start, start + len(quote), None, citation)
    return Answer(_asked().question, (statement,), (citation,))


def _ordered(order: Order, make: object, folder: Path) -> Any:
    """What a rival makes of an order, once it went to a file and back."""
    asked, answer = folder / "order.json", folder / "found.json"
    asked.write_text(json.dumps(asdict(order)), encoding="utf-8")
    assert run(make, [str(asked), str(answer)]) == 0  # type: ignore[arg-type] # made in the test
    (found,) = json.loads(answer.read_text(encoding="utf-8"))
    return found


def _line(of_set: str, pipeline: str, ndcg: float) -> Line:
    return Line(of_set, pipeline, 10, Measures(ndcg, 1, 1, 1), (1.0, 2.0))

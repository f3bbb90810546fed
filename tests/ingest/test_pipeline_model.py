"""The library against a plain dictionary, through any sequence of edits and runs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ingest.records import Filter
from ingest.sources.folder import uri_of
from tests.ingest.mill import Mill

NAMES = st.sampled_from(["a.txt", "b.md", "c.txt", "metals/a.txt", "metals/d.txt"])
WORDS = ["copper", "barley", "granite", "velvet"]
# texts that share paragraphs, so that one passage stands in several reports and versions
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(
    lambda words: "\n\n".join(f"The market for {word} was calm." for word in words)
)


class FolderAndLibrary(RuleBasedStateMachine):
    """Files come, change, move and go; after a run the library shows just what stands there."""

    @initialize()
    def begin(self) -> None:
        """An empty folder and an empty library."""
        self._home = tempfile.TemporaryDirectory()
        self._mill = Mill(Path(self._home.name))
        self._files: dict[str, str] = {}
        self._settled = True

    def _edit(self, files: dict[str, str]) -> None:
        """Bring the folder to a new state."""
        for name in self._files.keys() - files.keys():
            (self._mill.reports / name).unlink()
        for name, text in files.items():
            if self._files.get(name) != text:
                self._mill.write(name, text)
        self._files = files
        self._settled = False

    @rule(name=NAMES, text=TEXTS)
    def write(self, name: str, text: str) -> None:
        """Write a file, new or over another."""
        self._edit({**self._files, name: text})

    @precondition(lambda self: self._files)
    @rule(new=NAMES, pick=st.integers(0))
    def rename(self, new: str, pick: int) -> None:
        """Rename a file, perhaps over another."""
        old = sorted(self._files)[pick % len(self._files)]
        kept = {name: text for name, text in self._files.items() if name != old}
        self._edit({**kept, new: self._files[old]})

    @precondition(lambda self: self._files)
    @rule(new=NAMES, pick=st.integers(0))
    def copy(self, new: str, pick: int) -> None:
        """Copy a file, perhaps over another."""
        old = sorted(self._files)[pick % len(self._files)]
        self._edit({**self._files, new: self._files[old]})

    @precondition(lambda self: len(self._files) > 1)
    @rule(pick=st.integers(0))
    def swap(self, pick: int) -> None:
        """Let two files change places."""
        names = sorted(self._files)
        one, other = names[pick % len(names)], names[(pick + 1) % len(names)]
        self._edit({**self._files, one: self._files[other], other: self._files[one]})

    @precondition(lambda self: self._files)
    @rule(pick=st.integers(0))
    def delete(self, pick: int) -> None:
        """Delete a file."""
        gone = sorted(self._files)[pick % len(self._files)]
        self._edit({name: text for name, text in self._files.items() if name != gone})

    @rule()
    def ingest(self) -> None:
        """Run the pipeline as for a folder that is followed, by force."""
        self._mill.run(prune=True, force=True)
        self._settled = True

    @invariant()
    def library_shows_the_folder(self) -> None:
        """Every file shows its text, every text is found once, nothing else is found."""
        if not self._settled:
            return
        mill, files = self._mill, self._files
        shown = mill.library.catalog.seen_under([uri_of(mill.reports)])
        assert sorted(name for name, _, _ in shown.values()) == sorted(files)
        assert {name: mill.live(name) for name in files} == files
        assert len(mill.library.reports(Filter(), 0, 99)) == len(set(files.values()))
        for word in WORDS:
            lexical = mill.library.matching(word, Filter(), 99)
            texts = [mill.library.text_of(hit.report).strip() for hit in lexical]
            assert sorted(texts) == sorted({text for text in files.values() if word in text})
        dense = mill.library.nearest(mill.embedder.embed_query(WORDS[0]), Filter(), 99)
        assert {mill.library.text_of(hit.report).strip() for hit in dense} == set(files.values())
        assert len({hit.passage.id for hit in dense}) == len(dense)

    def teardown(self) -> None:
        """What was edited last is looked at too."""
        try:
            self.ingest()
            self.library_shows_the_folder()
        finally:
            self._mill.library.close()
            self._home.cleanup()


def test_the_library_shows_what_stands_in_the_folder() -> None:
    """Whatever became of the files, a run leaves the library with their texts and no others."""
    run_state_machine_as_test(
        FolderAndLibrary,
        settings=settings(
            max_examples=12,
            stateful_step_count=16,
            suppress_health_check=list(HealthCheck),
        ),
    )

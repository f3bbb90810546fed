"""Every error Footnote raises on purpose.

FootnoteError
├── SettingsError          a setting is missing or cannot be used
├── SourceError            a report could not be read from where it lies
│   └── ParseError         its bytes are not what they claim to be, or hold no text
├── RunStopped             ingestion was broken off before its end
├── EmbedderError          the embedding model could not be loaded or used
├── FrontendError          a chat platform refused the bot or cannot be reached
├── DeskError              what the bot remembers of people cannot be read or written
├── EvaluationError        questions or a calibration cannot be read, used or written
└── LibraryError           the library could not do what was asked
    ├── LibraryOwned       another process owns the embedded library
    ├── LibraryMismatch    the index was written by another embedder or chunking
    └── IndexUnavailable   Chroma or the lexical index failed

A foreign error is wrapped once, where it comes in, with ``raise … from``. A message says
what happened, to which file or chat, and what to do.
"""

from __future__ import annotations


class FootnoteError(Exception):
    """The root: catching it catches what Footnote raises on purpose, nothing else."""


class SettingsError(FootnoteError):
    """A setting is missing or cannot be used."""


class SourceError(FootnoteError):
    """A report could not be read from where it lies."""


class ParseError(SourceError):
    """A report's bytes are not what they claim to be, or hold no text."""


class RunStopped(FootnoteError):
    """Ingestion was broken off before its end; what was done stays done."""


class EmbedderError(FootnoteError):
    """The embedding model could not be loaded or used."""


class FrontendError(FootnoteError):
    """A chat platform refused the bot or cannot be reached."""


class DeskError(FootnoteError):
    """What the bot remembers of people cannot be read or written."""


class EvaluationError(FootnoteError):
    """Questions or a calibration cannot be read, used or written."""


class LibraryError(FootnoteError):
    """The library could not do what was asked."""


class LibraryOwned(LibraryError):
    """Another process owns the embedded library."""


class LibraryMismatch(LibraryError):
    """The index was written by another embedder or another chunking."""


class IndexUnavailable(LibraryError):
    """Chroma or the lexical index failed."""

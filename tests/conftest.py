"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# no test is timed: on a busy machine a slow example is no fault
settings.register_profile("footnote", deadline=None)
settings.load_profile("footnote")

"""What all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

# no test is timed: on a busy machine a slow example is no fault. Where CI judges a change, the
# examples follow from the tests alone; everywhere else they are new each time and find more
settings.register_profile("footnote", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("footnote")

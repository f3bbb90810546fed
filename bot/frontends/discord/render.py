"""Replies as Discord's components.

Prose and quotations stand free; sources and passages each lie in a box of their own, since
Discord cannot fold. A box under a spoiler would take as much room blurred as open and make
a secret of what is evidence, so passages are set small instead: the answer is read first,
the passage is one glance below, and search and screen readers find it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import batched, groupby
from typing import Any

import discord
from discord import ui

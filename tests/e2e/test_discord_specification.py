"""Requests are held against Discord's own description of its API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.discord_specification import Specification, specification

SEND = ("POST", "/channels/1/messages")
EDIT = ("PATCH", "/webhooks/1/token/messages/@original")
TEXT = {"type": 10, "content": "x"}


@pytest.fixture
def described() -> Specification:
    """Discord's description."""
    found = specification()
    if found is None:
        pytest.skip("SPEC_DIR does not name the folder with Discord's description")
    return found


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", "/users/@me", {}, None),
        (*SEND, {}, {"flags": 32768, "components": [TEXT], "allowed_mentions": {"parse": []}}),
        (*SEND, {}, {"components": [{"type": 17, "components": [TEXT, {"type": 14}]}]}),
        (*EDIT, {}, {"components": [TEXT], "tts": False}),
        ("POST", "/webhooks/1/token", {"wait": "true"}, {"content": "x"}),
        ("POST", "/interactions/1/token/callback", {"with_response": "1"}, {"type": 5}),
        ("POST", "/channels/1/typing", {}, None),
    ],
)
def test_what_is_described_is_allowed(
    described: Specification, method: str, path: str, query: dict[str, str], body: Any
) -> None:
    """A request as Discord describes it, known exceptions included, violates nothing."""
    assert described.violations(method, path, query, body) == []


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "fault"),
    [
        ("GET", "/nowhere", {}, None, "no such operation"),
        ("PUT", "/channels/1/messages", {}, {}, "no such operation"),
        (*SEND, {"loudly": "true"}, {"content": "x"}, "query loudly: unknown"),
        (*SEND, {}, None, "None is not of type 'object'"),
        (*SEND, {}, {"content": 1}, "1 is not of type"),
        (*SEND, {}, {"colour": "red"}, "colour: unknown field"),
        (*SEND, {}, {"tts": False, "components": [TEXT | {"colour": 1}]}, "components.0.colour"),
        (*SEND, {}, {"components": [{"type": 10}]}, "'content' is a required property"),
        (*SEND, {}, {"components": [TEXT] * 41}, "is too long"),
        (*EDIT, {}, {"content": "x" * 2001}, "is too long"),
        ("POST", "/interactions/1/token/callback", {}, {"type": 99}, "99 is not"),
        ("POST", "/channels/1/typing", {}, {"a": 1}, "a body, where there is none"),
    ],
)
def test_what_is_not_described_is_flagged(
    described: Specification,
    method: str,
    path: str,
    query: dict[str, str],
    body: Any,
    fault: str,
) -> None:
    """Unknown routes, parameters and fields, wrong types and excesses are flagged."""
    assert fault in "\n".join(described.violations(method, path, query, body))

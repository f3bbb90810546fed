"""Where requests come in: token, faults a test wants, checks, and the log of them all."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.e2e.telegram_html import Refused
from tests.e2e.telegram_methods import Form, Methods
from tests.e2e.telegram_specification import Specification

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Exchange:
    """A request of the bot and how it was answered.

    Attributes:
        method: what was called.
        form: with what, as written.
        status: 200, or the code of the refusal.
        description: of the refusal, empty for none.
    """

    method: str
    form: Form
    status: int
    description: str


@dataclass
class Trouble:
    """A refusal that the next requests get.

    Attributes:
        method: requests of this method; None for those of any.
        refusal: what they get.
        times: how many of them still do.
    """

    method: str | None
    refusal: Refused
    times: int


class Door:
    """Answers the requests of one bot.

    Args:
        token: the one token it accepts.
        methods: carries the requests out.
        specification: what they are checked against besides, None for nothing.

    Attributes:
        requests: every request answered so far, in order.
        violations: what was against the specification.
        troubles: refusals to come.
        changed: set with every request.
    """

    def __init__(self, token: str, methods: Methods, specification: Specification | None) -> None:
        self._token = token
        self._methods = methods
        self._specification = specification
        self.requests: list[Exchange] = []
        self.violations: list[str] = []
        self.troubles: list[Trouble] = []
        self.changed = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request for /bot{token}/{method}."""
        method = request.match_info["method"]
        form = {key: str(value) for key, value in (await request.post()).items()}
        form |= dict(request.query)
        # a test that waits for the bot to wait for updates looks once it does
        asyncio.get_running_loop().call_soon(self.changed.set)
        try:
            self._admit(request.match_info["token"], method, form)
            result = await self._methods.call(method, form)
        except Refused as refusal:
            self._record(Exchange(method, form, refusal.code, refusal.description))
            return _refused(refusal)
        self._record(Exchange(method, form, 200, ""))
        if self._specification is not None:
            self.violations += self._specification.result_violations(method, result)
        return web.json_response({"ok": True, "result": result})

    def _admit(self, token: str, method: str, form: Form) -> None:
        """Refuse a wrong token, and whatever a test wants refused."""
        if _TOKEN.fullmatch(token) is None:
            raise Refused("Not Found", 404)
        if token != self._token:
            raise Refused("Unauthorized", 401)
        if self._specification is not None:
            self.violations += self._specification.request_violations(method, form)
        for trouble in self.troubles:
            if trouble.times > 0 and trouble.method in {None, method}:
                trouble.times -= 1
                raise trouble.refusal

    def _record(self, exchange: Exchange) -> None:
        self.requests.append(exchange)
        self.changed.set()


def _refused(refusal: Refused) -> web.Response:
    """The Bot API's answer to a request it refuses."""
    body: dict[str, Any] = {
        "ok": False,
        "error_code": refusal.code,
        "description": refusal.description,
    }
    headers = {}
    if refusal.retry_after:
        body["parameters"] = {"retry_after": refusal.retry_after}
        headers["Retry-After"] = str(refusal.retry_after)
    return web.json_response(body, status=refusal.code, headers=headers)

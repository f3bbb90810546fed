"""The HTTP side of the stand-in for Discord: routes, tokens, and the form of every answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.e2e.discord_api import Api
from tests.e2e.discord_rules import Refused
from tests.e2e.discord_world import Call, World

BASE = "/api/v10"


def application(world: World) -> web.Application:
    """Discord's HTTP API as an aiohttp application."""
    api = Api(world)
    routes: list[tuple[str, str, Callable[[Call, dict[str, str]], tuple[int, Any]]]] = [
        ("GET", "/users/@me", api.me),
        ("GET", "/oauth2/applications/@me", api.application),
        ("POST", "/users/@me/channels", api.open_direct),
        ("GET", "/applications/{application}/commands", api.list_commands),
        ("PUT", "/applications/{application}/commands", api.set_commands),
        ("POST", "/channels/{channel}/typing", api.show_typing),
        ("POST", "/channels/{channel}/messages", api.send),
        ("PATCH", "/channels/{channel}/messages/{message}", api.edit),
        ("DELETE", "/channels/{channel}/messages/{message}", api.delete),
        ("POST", "/interactions/{interaction}/{token}/callback", api.acknowledge),
        ("POST", "/webhooks/{application}/{token}", api.follow_up),
        ("GET", "/webhooks/{application}/{token}/messages/{message}", api.get_answer),
        ("PATCH", "/webhooks/{application}/{token}/messages/{message}", api.edit_answer),
        ("DELETE", "/webhooks/{application}/{token}/messages/{message}", api.delete_answer),
    ]
    app = web.Application()
    for method, path, handler in routes:
        app.router.add_route(method, BASE + path, _served(world, handler))
    app.router.add_route("*", BASE + "/{rest:.*}", _served(world, _nothing_here))
    return app


def _nothing_here(call: Call, _: dict[str, str]) -> tuple[int, Any]:
    raise Refused(404, 0, "404: Not Found")


def _served(
    world: World, handler: Callable[[Call, dict[str, str]], tuple[int, Any]]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Around every handler: log the request, check it, answer in Discord's form."""

    async def serve(request: web.Request) -> web.Response:
        call = Call(request.method, request.path.removeprefix(BASE), dict(request.query), None)
        world.calls.append(call)
        world.arrived.put_nowait(call)
        await world.answering.wait()
        try:
            await _read_body(request, call)
            if world.specification is not None:
                world.violations += world.specification.violations(
                    call.method, call.path, call.query, call.body
                )
            _check_token(request, call, world.token)
            call.status, answer = handler(call, dict(request.match_info))
        except Refused as refused:
            call.status, call.code, answer = refused.status, refused.body["code"], refused.body
            world.refused.put_nowait(call)
        if call.status == 204:
            return web.Response(status=204)
        # exactly this content type, without a charset, is what Discord sends
        body = json.dumps(answer).encode()
        return web.Response(status=call.status, body=body, content_type="application/json")

    return serve


def _check_token(request: web.Request, call: Call, token: str) -> None:
    by_its_own_token = call.path.startswith(("/interactions/", "/webhooks/"))
    if not by_its_own_token and request.headers.get("Authorization") != f"Bot {token}":
        raise Refused(401, 0, "401: Unauthorized")


async def _read_body(request: web.Request, call: Call) -> None:
    raw = await request.read()
    if not raw:
        return
    if request.content_type != "application/json":
        raise Refused(400, 50035, "Invalid Form Body")
    try:
        call.body = json.loads(raw)
    except ValueError:
        raise Refused(400, 50109, "The request body contains invalid JSON.") from None

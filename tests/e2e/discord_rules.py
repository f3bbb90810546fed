"""What Discord refuses in a message or a command, in its own codes and words.

The limits are those of Discord's documentation and of its OpenAPI description; the names of
the nested errors are those its API answers with. One rule is documented nowhere: a message
whose text takes more than 10,170 bytes of UTF-8, with 12 for each text component, is
answered with 500 (github.com/discord/discord-api-docs, 8554).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.e2e.discord_nouns import COMPONENTS_V2, Json, walk

ROW, BUTTON, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER = 1, 2, 9, 10, 12, 13, 14, 17
OUTER = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER}
SELECTS = {3, 5, 6, 7, 8}
CHILDREN = {ROW: {BUTTON} | SELECTS, CONTAINER: OUTER - {CONTAINER}}
LEGACY = ("content", "embeds", "sticker_ids", "poll")


class Refused(Exception):
    """An error Discord answers with.

    Args:
        status: HTTP status.
        code: Discord's own code.
        message: what it says.
        errors: the nested errors of a form, None where there is no form.
    """

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if errors is not None:
            self.body["errors"] = errors


def invalid_form(*faults: tuple[tuple[str | int, ...], str, str]) -> Refused:
    """Error 50035: for each fault the path to the field, the fault's name and its words."""
    errors: Json = {}
    for path, name, message in faults:
        place = errors
        for step in path:
            place = place.setdefault(str(step), {})
        place.setdefault("_errors", []).append({"code": name, "message": message})
    return Refused(400, 50035, "Invalid Form Body", errors)


def check_message(message: Json, allowed_mentions: Json | None) -> None:
    """Refuse a message that Discord refuses.

    Args:
        message: content, embeds, components, flags as they would stand.
        allowed_mentions: what the request said of mentions.

    Raises:
        Refused: as Discord would.
    """
    components = message.get("components") or []
    modern = bool(int(message.get("flags") or 0) & COMPONENTS_V2)
    faults = [*_mention_faults(allowed_mentions or {})]
    if len(message.get("content") or "") > 2000:
        faults.append((("content",), *_too_long(2000)))
    if modern:
        faults += [
            (
                (name,),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )
            for name in LEGACY
            if message.get(name)
        ]
    faults += _component_faults(components, OUTER if modern else {ROW}, ("components",))
    faults += _sum_faults(components)
    if faults:
        raise invalid_form(*faults)
    if not components and not any(message.get(name) for name in LEGACY):
        raise Refused(400, 50006, "Cannot send an empty message")
    texts = [part["content"] for part in walk(components) if part["type"] == TEXT]
    if sum(len(text.encode()) + 12 for text in texts) > 10_170:
        raise Refused(500, 0, "500: Internal Server Error")


Fault = tuple[tuple[str | int, ...], str, str]


def _too_long(limit: int) -> tuple[str, str]:
    return "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length."


def _bad_length(least: int, most: int) -> tuple[str, str]:
    return "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length."


def _mention_faults(allowed: Json) -> Iterator[Fault]:
    for kind in ("users", "roles"):
        if kind in (allowed.get("parse") or []) and allowed.get(kind):
            yield (
                ("allowed_mentions",),
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )


def _component_faults(
    components: list[Json], allowed: set[int], path: tuple[str | int, ...]
) -> Iterator[Fault]:
    for place, component in enumerate(components):
        here = (*path, place)
        kind = component.get("type")
        if kind not in allowed:
            names = ", ".join(map(str, sorted(allowed)))
            yield here, "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({names},).'
            continue
        inner = component.get("components") or []
        if kind in CHILDREN:
            most = 5 if kind == ROW else 40
            if not 1 <= len(inner) <= most:
                yield (*here, "components"), *_bad_length(1, most)
            yield from _component_faults(inner, CHILDREN[kind], (*here, "components"))
        elif kind == TEXT:
            content = component.get("content")
            if not isinstance(content, str):
                yield (*here, "content"), "BASE_TYPE_REQUIRED", "This field is required"
            elif not 1 <= len(content) <= 4000:
                yield (*here, "content"), *_bad_length(1, 4000)
        elif kind == BUTTON:
            yield from _button_faults(component, here)


def _button_faults(button: Json, here: tuple[str | int, ...]) -> Iterator[Fault]:
    if len(button.get("label") or "") > 80:
        yield (*here, "label"), *_too_long(80)
    if not button.get("label") and not button.get("emoji"):
        yield (
            here,
            "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI",
            "A button must have either a label or an emoji",
        )
    if button.get("style") != 5 and not 1 <= len(button.get("custom_id") or "") <= 100:
        yield (*here, "custom_id"), *_bad_length(1, 100)


def _sum_faults(components: list[Json]) -> Iterator[Fault]:
    parts = walk(components)
    if len(parts) > 40:
        yield (
            ("components",),
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            "The total number of components in a message cannot exceed 40",
        )
    if sum(len(part.get("content") or "") for part in parts if part.get("type") == TEXT) > 4000:
        yield (
            ("components",),
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            "The total number of displayable text characters in your components exceeds the "
            "maximum size of 4000",
        )
    seen: set[str] = set()
    for part in parts:
        if (custom_id := part.get("custom_id")) in seen:
            yield (
                ("components",),
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        seen.add(custom_id or f"none {id(part)}")


def check_commands(commands: list[Json]) -> None:
    """Refuse slash commands that Discord refuses.

    Raises:
        Refused: as Discord would.
    """
    faults: list[Fault] = []
    for place, command in enumerate(commands):
        options = command.get("options") or []
        named = [((place,), command), *(((place, "options", i), o) for i, o in enumerate(options))]
        for here, thing in named:
            if (
                not re.fullmatch(r"[-_'\w]{1,32}", thing["name"])
                or thing["name"].lower() != thing["name"]
            ):
                faults.append(
                    (
                        (*here, "name"),
                        "APPLICATION_COMMAND_INVALID_NAME",
                        "Command name is invalid",
                    )
                )
            if not 1 <= len(thing.get("description") or "") <= 100:
                faults.append(((*here, "description"), *_bad_length(1, 100)))
        required = [bool(option.get("required")) for option in options]
        if required != sorted(required, reverse=True):
            faults.append(
                (
                    (place, "options"),
                    "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                    "Required options must be placed before non-required options",
                )
            )
    if faults:
        raise invalid_form(*faults)


def notified(text: str, allowed: Any, replied_to: str | None) -> list[str]:
    """Whom a new message notifies: "everyone" or ids; escaping does not matter to Discord.

    Args:
        text: all its text as written.
        allowed: the request's allowed_mentions; None lets every mention through.
        replied_to: id of the person replied to.
    """
    parse = ["everyone", "users", "roles"] if allowed is None else allowed.get("parse") or []
    named = (
        [] if allowed is None else [*(allowed.get("users") or []), *(allowed.get("roles") or [])]
    )
    found = ["everyone"] if "everyone" in parse and re.search(r"@(everyone|here)", text) else []
    for sign, person in re.findall(r"<@([!&]?)(\d+)>", text):
        if ("roles" if sign == "&" else "users") in parse or person in map(str, named):
            found.append(person)
    if replied_to and (allowed is None or allowed.get("replied_user")):
        found.append(replied_to)
    return found

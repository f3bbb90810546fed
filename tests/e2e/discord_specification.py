"""Requests held against Discord's own description of its HTTP API, where it is at hand."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

Json = dict[str, Any]

ROOT = "urn:discord"

# Fields that discord.py sends though the description does not know them, and why that is well.
KNOWN_FIELDS = {
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", "tts"): (
        "discord.py writes it into every message, edits included; Discord ignores it there"
    ),
    ("PUT", "/applications/{application_id}/commands", "nsfw"): (
        "Discord's documentation of commands has it, its description does not"
    ),
}
# What it sends though the description does not allow it: a further constant or type of a schema.
KNOWN_CONSTANTS = {
    ("ChannelTypes", 16): "media channels are documented, but not yet in the description",
}
KNOWN_TYPES = {
    (
        "SnowflakeType",
        "integer",
    ): "discord.py writes ids in references as numbers; Discord takes it",
}


class Specification:
    """Discord's OpenAPI description.

    Args:
        path: the description, a JSON file.
    """

    def __init__(self, path: Path) -> None:
        self._document: Json = json.loads(path.read_text(encoding="utf-8"))
        schemas = self._document["components"]["schemas"]
        for name, constant in KNOWN_CONSTANTS:
            schemas[name]["oneOf"].append({"const": constant})
        for name, kind in KNOWN_TYPES:
            schemas[name]["type"] = [schemas[name]["type"], kind]
        self._registry = Registry().with_resource(ROOT, DRAFT202012.create_resource(self._document))

    def violations(self, method: str, path: str, query: dict[str, str], body: Any) -> list[str]:
        """How a request differs from the description; empty where it does not.

        Args:
            method: of HTTP, upper case.
            path: behind the API's base, beginning with a slash.
            query: the parameters in the address.
            body: what was sent as JSON; None where nothing was.
        """
        template = self._template(path)
        operation = self._document["paths"].get(template, {}).get(method.lower())
        if template is None or operation is None:
            return [f"{method} {path}: no such operation"]
        known = {parameter["name"] for parameter in operation.get("parameters", [])}
        found = [f"query {name}: unknown" for name in query if name not in known]
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            place = f"{ROOT}#/paths/{_pointer(template)}/{method.lower()}/requestBody/content"
            schema = {"$ref": f"{place}/application~1json/schema"}
            if body is not None or operation["requestBody"].get("required"):
                found += self._body_violations(schema, body)
                found += [
                    f"{'.'.join(unknown)}: unknown field"
                    for unknown in self._unknown(schema, body)
                    if (method, template, unknown[-1]) not in KNOWN_FIELDS
                ]
        elif body is not None:
            found.append("a body, where there is none")
        return [f"{method} {template}: {fault}" for fault in found]

    def _template(self, path: str) -> str | None:
        """The path in the description that a request's path is an instance of."""
        if path in self._document["paths"]:
            return path
        for template in self._document["paths"]:
            # a literal segment wins over a parameter: "@me" and "@original" are no ids
            pattern = re.sub(r"\\\{\w+\\\}", r"[^/@]+", re.escape(template))
            if re.fullmatch(pattern, path):
                return str(template)
        return None

    def _body_violations(self, schema: Json, body: Any) -> list[str]:
        errors = Draft202012Validator(schema, registry=self._registry).iter_errors(body)
        return [f"{error.json_path}: {_shortened(error.message)}" for error in map(_meant, errors)]

    def _valid(self, schema: Json, value: Any) -> bool:
        return Draft202012Validator(schema, registry=self._registry).is_valid(value)

    def _unknown(
        self, schema: Json, value: Any, path: tuple[str, ...] = ()
    ) -> list[tuple[str, ...]]:
        """Paths of fields that no part of the schema that applies to the value names."""
        parts = self._parts(schema, value)
        if isinstance(value, list):
            items = [part["items"] for part in parts if "items" in part]
            return [
                unknown
                for place, item in enumerate(value)
                for schema in items
                for unknown in self._unknown(schema, item, (*path, str(place)))
            ]
        if not isinstance(value, dict) or any("additionalProperties" in part for part in parts):
            return []
        found = []
        for name, inner in value.items():
            schemas = [
                part["properties"][name] for part in parts if name in part.get("properties", {})
            ]
            if not schemas:
                found.append((*path, name))
            for schema in schemas[:1]:
                found += self._unknown(schema, inner, (*path, name))
        return found

    def _parts(self, schema: Json, value: Any) -> list[Json]:
        """The schemas that together describe a value: references and choices followed."""
        if "$ref" in schema:
            return self._parts(self._resolved(schema["$ref"]), value)
        parts = [schema]
        for part in schema.get("allOf", []):
            parts += self._parts(part, value)
        choices = [*schema.get("oneOf", []), *schema.get("anyOf", [])]
        for choice in (choice for choice in choices if self._valid(self._absolute(choice), value)):
            parts += self._parts(choice, value)
        return parts

    def _resolved(self, reference: str) -> Json:
        place: Any = self._document
        for step in reference.partition("#/")[2].split("/"):
            place = place[step.replace("~1", "/").replace("~0", "~")]
        return dict(place)

    def _absolute(self, schema: Json) -> Json:
        """The schema with its references made absolute, so that it can be used by itself."""
        return json.loads(json.dumps(schema).replace('"#/', f'"{ROOT}#/'))  # type: ignore[no-any-return]  # json gives Any


def _meant(error: ValidationError) -> ValidationError:
    """Where no alternative fits, the fault of the one whose "type" the value names."""
    if not error.context:
        return error
    branches: dict[Any, list[ValidationError]] = {}
    for fault in error.context:
        branches.setdefault(fault.schema_path[0], []).append(fault)
    named = [faults for faults in branches.values() if not any(map(_of_type, faults))]
    return _meant(min(named or branches.values(), key=len)[0])


def _of_type(fault: ValidationError) -> bool:
    return bool(fault.path) and fault.path[-1] == "type"


def _shortened(message: str) -> str:
    return message if len(message) <= 200 else f"{message[:80]} … {message[-100:]}"


def _pointer(template: str) -> str:
    return template.replace("~", "~0").replace("/", "~1")


@cache
def specification() -> Specification | None:
    """The description beside the project, where SPEC_DIR names its folder; else None."""
    folder = os.environ.get("SPEC_DIR")
    return Specification(Path(folder) / "discord_openapi.json") if folder else None

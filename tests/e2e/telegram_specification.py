"""What the Bot API's own description says of a request or a result.

The description is `telegram_bot_api.json` in the folder that SPEC_DIR names; every method
and type with its fields, their types and which are required.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_INTEGER = re.compile(r"-?[0-9]+")
_FLOAT = re.compile(r"-?[0-9]+(\.[0-9]+)?")

# what a form field of a simple type looks like
_FORMS = {
    "Integer": _INTEGER,
    "Float": _FLOAT,
    "Boolean": re.compile("true|false|True|False"),
    "String": re.compile(".*", re.DOTALL),
}
_CLASSES: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
    "String": (str,),
}
_ARRAY = "Array of "
# a file travels beside the form, or as its id or address
_FILE = "InputFile"


class Specification:
    """Checks requests and results against the description.

    Args:
        description: the content of `telegram_bot_api.json`.
    """

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._methods: Mapping[str, Any] = description["methods"]
        self._types: Mapping[str, Any] = description["types"]

    @classmethod
    def of_environment(cls) -> Specification | None:
        """The description beside the project; None where SPEC_DIR is not set."""
        folder = os.environ.get("SPEC_DIR")
        if not folder:
            return None
        text = (Path(folder) / "telegram_bot_api.json").read_text(encoding="utf-8")
        return cls(json.loads(text))

    def request_violations(self, method: str, form: Mapping[str, str]) -> list[str]:
        """What is wrong with a request, a line each; empty where nothing is.

        Args:
            method: the method as called.
            form: its parameters, each as written into the form.
        """
        described = self._methods.get(method)
        if described is None:
            return [f"{method}: no such method"]
        fields = {one["name"]: one for one in described.get("fields", [])}
        found = [f"{method}: unknown parameter {name}" for name in form if name not in fields]
        found += [
            f"{method}: required parameter {name} is missing"
            for name, one in fields.items()
            if one["required"] and name not in form
        ]
        for name, written in form.items():
            if name in fields:
                found += self._form_violations(fields[name]["types"], written, f"{method}.{name}")
        return found

    def result_violations(self, method: str, result: Any) -> list[str]:
        """What is wrong with the result of a method, a line each; empty where nothing is."""
        return self._value_violations(self._methods[method]["returns"], result, f"{method} → ")

    def update_violations(self, update: Any) -> list[str]:
        """What is wrong with an update, a line each; empty where nothing is."""
        return self._value_violations(["Update"], update, "Update")

    def _form_violations(self, types: Sequence[str], written: str, where: str) -> list[str]:
        """What is wrong with a parameter; objects and arrays are written as JSON."""
        simple = [name for name in types if name in _FORMS]
        if any(_FORMS[name].fullmatch(written) for name in simple):
            return []
        nested = [name for name in types if name not in _FORMS and name != _FILE]
        if not nested:
            return [f"{where}: {written!r} is not {' or '.join(types)}"]
        try:
            value = json.loads(written)
        except ValueError:
            return [f"{where}: {written!r} is not JSON"]
        return self._value_violations(nested, value, where)

    def _value_violations(self, types: Sequence[str], value: Any, where: str) -> list[str]:
        """What is wrong with a value that may be of any of the types: the least for one."""
        return min((self._one_type(name, value, where) for name in types), key=len)

    def _one_type(self, name: str, value: Any, where: str) -> list[str]:
        if name.startswith(_ARRAY):
            if not isinstance(value, list):
                return [f"{where}: an array is expected, not {value!r}"]
            inner = [name.removeprefix(_ARRAY)]
            return [
                violation
                for index, one in enumerate(value)
                for violation in self._value_violations(inner, one, f"{where}[{index}]")
            ]
        if name in _CLASSES:
            # to Python, True is an integer
            right = isinstance(value, _CLASSES[name]) and (
                name == "Boolean" or not isinstance(value, bool)
            )
            return [] if right else [f"{where}: {value!r} is not {name}"]
        described = self._types[name]
        if described.get("subtypes"):
            return self._value_violations(described["subtypes"], value, where)
        if not isinstance(value, dict):
            return [f"{where}: a {name} object is expected, not {value!r}"]
        fields = {one["name"]: one for one in described.get("fields", [])}
        found = [f"{where}: {name} has no field {key}" for key in value if key not in fields]
        found += [
            f"{where}: {name} needs the field {key}"
            for key, one in fields.items()
            if one["required"] and key not in value
        ]
        for key, inner_value in value.items():
            if key in fields:
                found += self._value_violations(fields[key]["types"], inner_value, f"{where}.{key}")
        return found

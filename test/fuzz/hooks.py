"""What Schemathesis is told about this API beyond its OpenAPI document: values that exist, and one more check.

JANGTEO_STATUSES is the file that gets how often each status was answered. JANGTEO_KNOWN is a JSON file: {"<path>": {"<parameter>": [values that exist]}, "*": {"<field>": [values]}}.
"""

import atexit
import collections
import json
import os
import zlib

import schemathesis

KNOWN = json.load(open(os.environ["JANGTEO_KNOWN"], encoding="utf-8"))

# What cannot be read as a path, a request or JSON has no fields to name.
WITHOUT_FIELDS = {"invalid_json", "body_not_utf8", "path_malformed", "request_malformed"}


def _real(values, salt):
    """One of the values, or None in a third of the cases; the same for the same case, so that a seed repeats a run."""
    number = zlib.crc32(repr(salt).encode("utf-8", "replace"))
    return values[number // 3 % len(values)] if values and number % 3 else None


def _with_known(given, known):
    if not isinstance(given, dict):
        return given
    real = {name: _real(known.get(name), (name, given)) for name in given}
    return {**given, **{name: value for name, value in real.items() if value is not None}}


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    return _with_known(path_parameters, KNOWN.get(context.operation.path, {}))


@schemathesis.hook
def map_query(context, query):
    return _with_known(query, KNOWN["*"])


@schemathesis.hook
def map_body(context, body):
    """The authority of an act, and the parties of an order, so that more cases come further than the first look-up."""
    body = _with_known(body, KNOWN["*"])
    if isinstance(body, dict) and isinstance(body.get("authorisation"), dict):
        return {**body, "authorisation": _with_known(body["authorisation"], KNOWN["*"])}
    return body


@schemathesis.check
def refusal_names_a_field(context, response, case):
    """Every 400 is a problem document that names what is wrong, in words."""
    if response.status_code != 400:
        return
    problem = response.json()
    if problem["code"] in WITHOUT_FIELDS:
        return
    errors = problem.get("errors") or []
    assert errors and all(isinstance(one["field"], str) and one["message"] for one in errors), (
        f"400 {problem['code']} names no field"
    )


STATUSES = collections.Counter()


@schemathesis.hook
def after_call(context, case, response):
    STATUSES[str(response.status_code)] += 1


@atexit.register
def _write_statuses():
    with open(os.environ["JANGTEO_STATUSES"], "w", encoding="utf-8") as file:
        json.dump(STATUSES, file)

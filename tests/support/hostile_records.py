"""A record whose every text tries to break the page that shows it."""

from dataclasses import fields, is_dataclass, replace

from rich_records import rich_record

from genaudit.values.findings import Verdict
from genaudit.values.results import Direction
from genaudit.values.run import MetricDescription

POISON = "<script>document.title='owned'</script>\" onload=alert(1) x='\0\u202eevil\u2066{{7*7}}" + "&" * 40
LONG_POISON = POISON + "W" * 10_000
UNTOUCHED = {"path", "direction", "kind", "verdict", "schema_version", "sha256", "created"}
"""Fields that hold no free text, or without which there is nothing to show."""


def hostile_record(folder=None):
    """The rich record with markup, control characters, bidi overrides and great length in its texts."""
    return poisoned(rich_record(folder))


def poisoned(value, field=""):
    if is_dataclass(value):
        texts = [item.name for item in fields(value) if item.name not in UNTOUCHED]
        return replace(value, **{name: poisoned(getattr(value, name), _role(value, name)) for name in texts})
    if isinstance(value, tuple):
        return tuple(poisoned(item, field) for item in value)
    if isinstance(value, dict):
        return {key if field == "details" else key + POISON: poisoned(item) for key, item in value.items()}
    if isinstance(value, str) and not isinstance(value, Direction | Verdict):
        return _text(value, field)
    return value


def _text(value, field):
    if field in {"metric", "identifier"} or value in {"", "real", "generated"}:
        return value
    return value + POISON if field == "group" else LONG_POISON


def _role(value, name):
    """The texts about a metric are found by its name, which is why that one stays."""
    return "identifier" if isinstance(value, MetricDescription) and name in {"name", "view"} else name

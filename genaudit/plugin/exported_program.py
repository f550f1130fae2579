"""A ``.pt2`` archive of ``torch.export`` reduced to what is data: tensors and a graph of torch's own operators.

``torch.export.load`` says of itself that it must not be given a file that is not trusted: it unpickles some tensors and
objects, looks up operators as attributes of ``torch`` (``torch.os.system`` is one), evaluates shape expressions and
guards as Python, and loads compiled libraries. Here the archive is written anew, with nothing in it but what was
checked: tensors stored as plain bytes, operators of ATen, names that are names, and shape expressions without a call
to anything but arithmetic. What is left away is not needed to run the graph: example inputs, guards, stack traces.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any, TypeAlias

from genaudit.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Iterator

Json: TypeAlias = Any

MODEL = "models/model.json"
CONFIGS = ("data/weights/model_weights_config.json", "data/constants/model_constants_config.json")
EXAMPLE = "data/sample_inputs/model.pt"
OLDER = "serialized_exported_program.json"
PAYLOAD = re.compile(r"(weight|tensor)_\d+")
PLAIN = re.compile(r"archive_format|archive_version|byteorder|\.data/\w+|data/(weights|constants)/" + PAYLOAD.pattern)
LEFT_AWAY = ("extra/",)

TARGET = re.compile(
    r"torch\.ops\.(aten|prims)\.(?!from_file\b|save\b)\w+\.\w+"
    r"|torch\.ops\.higher_order\.(cond|wrap_with_set_grad_enabled|wrap_with_autocast)"
    r"|torch\.sym_(max|min|float|int|not|ite|sqrt)|math\.(ceil|floor|trunc|sqrt)"
    r"|_operator\.(add|sub|mul|floordiv|truediv|mod|neg|pow|eq|ne|lt|le|gt|ge|and_|or_|not_|getitem)"
)
"""What a node may call."""
NAME = re.compile(r"\w*")
"""Of a value; such names are written into the code of the graph."""
PATH = re.compile(r"(?!(.*\.)?__)[\w.@]*")
"""Of a parameter or a module."""
STRUCTURE = re.compile(r'(?!.*__)[\w.:,/ \\"\[\]{}-]*')
"""The description of nested inputs or outputs: JSON in a text."""
RULES = {
    **dict.fromkeys(("target", "as_operator"), TARGET),
    **dict.fromkeys(("name", "forward_arg_names"), NAME),
    **dict.fromkeys(("in_spec", "out_spec"), STRUCTURE),
}
"""Key to what a text at it must be; ``PATH`` at any other."""
TOKEN = re.compile(r"\d+(?:\.\d+)?|[A-Za-z_]\w*|[ ,()='+*/<>-]")
WORD = re.compile(
    r"[a-z]{1,4}\d+|"
    r"Symbol|Integer|Float|Rational|Add|Mul|Pow|Mod|Max|Min|FloorDiv|CleanDiv|CeilToInt|FloorToInt|TruncToInt|"
    r"ModularIndexing|PythonMod|IntTrueDiv|FloatTrueDiv|ToFloat|Identity|floor|ceiling|True|False|true|false|"
    r"positive|negative|nonnegative|nonpositive|integer|real|finite|infinite|zero|nonzero|commutative|precision|"
    r"Eq|Ne|Lt|Le|Gt|Ge|And|Or|Not|Equality|Unequality|oo|int_oo"
)
"""What a shape expression may name: symbols such as ``s0``, and these."""
HINT = "Export it again: torch.export.save(torch.export.export(network.eval(), (example,)), 'network.pt2')."


def cleaned_archive(content: bytes) -> bytes:
    """The same program as a new archive that holds nothing that could run Python when it is read.

    Raises:
        WeightsError: It holds something that is not data, is of torch before 2.8, or is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root, entries = _entries(archive)
        cleaned = {name: archive.read(entry) for name, entry in entries.items()}
    for config in CONFIGS:
        _check_payloads(json.loads(cleaned[config]))
    model = json.loads(cleaned[MODEL])
    _clean(model)
    cleaned[MODEL] = json.dumps(model).encode()
    cleaned[EXAMPLE] = b""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, data in cleaned.items():
            archive.writestr(zipfile.ZipInfo(f"{root}/{name}"), data)
    return written.getvalue()


def _entries(archive: zipfile.ZipFile) -> tuple[str, dict[str, zipfile.ZipInfo]]:
    """The folder that everything lies in, and the entries to keep by their name in it."""
    found: dict[str, zipfile.ZipInfo] = {}
    roots = {entry.filename.partition("/")[0] for entry in archive.infolist()}
    if OLDER in roots or len(roots) != 1:
        raise _refused("it was written by torch before 2.8, whose format holds pickles")
    for entry in archive.infolist():
        name = entry.filename.partition("/")[2]
        if name.startswith(LEFT_AWAY):
            continue
        if not (name in {MODEL, EXAMPLE, *CONFIGS} or PLAIN.fullmatch(name)):
            raise _refused(f"its entry '{name}' is neither a graph nor a plain tensor")
        if name in found or entry.compress_type != zipfile.ZIP_STORED:
            raise _refused(f"its entry '{name}' is there twice or is compressed, which torch.export does not do")
        found[name] = entry
    lacking = [name for name in (MODEL, *CONFIGS) if name not in found]
    if lacking:
        raise _refused(f"it has no entry '{lacking[0]}'")
    return roots.pop(), found


def _check_payloads(config: Json) -> None:
    for name, payload in config["config"].items():
        if payload.get("use_pickle") or not PAYLOAD.fullmatch(payload["path_name"]):
            raise _refused(f"'{name}' is stored as a pickle or an object, and reading that could run any code")


def _clean(model: Json) -> None:
    """Take away what is not needed, and refuse what is not data."""
    model["guards_code"], model["metadata"] = [], {}
    for key, text in _texts(model):
        if not _allowed(key, text):
            raise _refused(f"its graph holds the {key or 'name'} {text[:60]!r}, which is no data")


def _texts(part: Json, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text below a part with the key it stands at; metadata of nodes are emptied on the way."""
    if isinstance(part, str):
        yield key, part
    elif isinstance(part, list):
        for item in part:
            yield from _texts(item, key)
    elif isinstance(part, dict):
        _forget(part)
        for name, value in part.items():
            yield "", name
            yield from _texts(value, name)


def _forget(node: dict[str, Json]) -> None:
    if "metadata" in node:
        node["metadata"] = {}


def _allowed(key: str, text: str) -> bool:
    if key in {"as_string", "as_strings", "torch_version"}:
        return True  # an argument such as "floor", quoted where it is used
    if key == "expr_str":
        return _is_arithmetic(text)
    return RULES.get(key, PATH).fullmatch(text) is not None


def _is_arithmetic(expression: str) -> bool:
    """Whether a shape expression calls nothing but arithmetic.

    >>> _is_arithmetic("Mul(Integer(2), Symbol('s0', positive=True, integer=True))")
    True
    >>> _is_arithmetic("__import__('os')")
    False
    """
    tokens = TOKEN.findall(expression)
    words = [token for token in tokens if token[0].isalpha() or token[0] == "_"]
    return "".join(tokens) == expression and all(map(WORD.fullmatch, words))


def _refused(what: str) -> WeightsError:
    return WeightsError(what, HINT)

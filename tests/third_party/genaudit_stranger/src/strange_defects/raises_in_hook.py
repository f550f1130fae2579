"""Its hook raises before it says what it brings."""

from genaudit.plugin import hookimpl


@hookimpl
def genaudit_generators():
    raise OSError("this stranger lost its list of models")

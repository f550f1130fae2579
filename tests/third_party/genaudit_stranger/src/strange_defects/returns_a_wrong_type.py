"""Its hook returns a dictionary instead of specs."""

from genaudit.plugin import hookimpl


@hookimpl
def genaudit_generators():
    return {"stranger-wrong-type": "strange_blobs.model:Blobs"}

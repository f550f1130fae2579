"""A reporter: a record in, bytes out."""


def as_text(record, folder):
    """One line a number."""
    lines = [f"{result.metric} {result.group} {result.value:.6g}".replace("  ", " ") for result in record.results]
    return "\n".join([record.run_id, *lines, ""]).encode()

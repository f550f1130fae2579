"""Cannot be imported."""

raise RuntimeError("this stranger has no licence file")

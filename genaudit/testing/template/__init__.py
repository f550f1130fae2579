"""The texts of a new distribution; ``$name``, ``$package`` and others are filled in."""

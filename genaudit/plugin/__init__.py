"""All that a plugin author imports."""

"""The version of the distribution, the core and the built-in components."""

VERSION = "0.1.0"

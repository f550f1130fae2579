"""Frozen values that flow through a run; none of them needs torch."""

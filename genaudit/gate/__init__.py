"""The regression gate: records against a baseline, by one rule. Nothing here computes a metric or needs torch."""

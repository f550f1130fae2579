collect_ignore = ["genaudit_stranger"]  # a distribution of its own, broken on purpose: it is installed, not collected

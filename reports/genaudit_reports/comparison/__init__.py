"""Several runs side by side, for people, for scripts and for programs."""

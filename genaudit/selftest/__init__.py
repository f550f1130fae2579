"""Golden cases and sanity checks that run on the user's own machine: whether the numbers can be trusted there."""

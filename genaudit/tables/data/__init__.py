"""Tables of counts that are public facts, each a few lines long."""

"""Tables of decisions about people, in whatever form they lie, as counts of group × truth × decision × stratum."""

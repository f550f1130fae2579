"""Pure numerics: arrays in, numbers out, float64, no model and no file."""

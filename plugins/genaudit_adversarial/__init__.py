"""What the embedded generators share, above all those that are trained by a game: no plugin, it registers nothing."""

DISCRIMINATOR_LOSS = "nats of the discriminator"
"""Unit of the losses that ``playing.play`` reports: cross-entropy of a real item plus that of a generated one."""

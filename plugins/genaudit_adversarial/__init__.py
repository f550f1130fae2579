"""What plugins share whose networks are trained against a discriminator: no plugin itself, it registers nothing."""

DISCRIMINATOR_LOSS = "nats of the discriminator"
"""Unit of the losses that ``playing.play`` reports: cross-entropy of a real item plus that of a generated one."""

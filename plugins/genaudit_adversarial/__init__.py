"""What plugins share whose networks are trained against a discriminator: no plugin itself, it registers nothing."""

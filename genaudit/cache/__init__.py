"""What a later run may use again: features of images, by content, and weights that were downloaded."""

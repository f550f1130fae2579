"""Data files that come with genaudit, each with its licence beside it."""

"""Sets of images or features on disk or in memory, opened for whoever reads them: scoring, and plugins of files."""

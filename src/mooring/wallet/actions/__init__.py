"""What crosses the border of the platform, one use case per file."""

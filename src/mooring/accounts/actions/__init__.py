"""What can be done with accounts, one use case per file."""

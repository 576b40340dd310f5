"""What can be done with Earn, one use case per file."""

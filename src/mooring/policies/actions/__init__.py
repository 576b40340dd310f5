"""What an operator can do with policies."""

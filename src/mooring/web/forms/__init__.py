"""What people may send, strictly parsed."""

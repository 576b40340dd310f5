"""What notices do, one file per verb."""

"""What protects an account when something changes: holds, disabling, recovery, the record."""

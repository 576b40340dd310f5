"""How people come in: sign-up, log-in, a new password; and how often anybody may try."""

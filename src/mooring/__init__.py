"""Mooring: the account side of a custodial crypto exchange, on a double-entry book."""

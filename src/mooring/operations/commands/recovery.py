"""`mooring recovery`: recoveries of disabled accounts, listed and approved by a reviewer."""

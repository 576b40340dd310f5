"""Keys with which programs act for a customer, and their signatures."""

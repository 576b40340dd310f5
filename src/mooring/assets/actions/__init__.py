"""What an operator or a price feed can do with assets."""

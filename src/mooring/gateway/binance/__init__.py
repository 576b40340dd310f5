"""The API that clients of Binance know: real paths, exact types, documented codes."""

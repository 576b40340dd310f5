"""What is asked of people before something sensitive happens, as pure functions."""

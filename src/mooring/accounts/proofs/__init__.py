"""What proves that it is you: codes, factors, and the step-up that binds a proof to one action."""

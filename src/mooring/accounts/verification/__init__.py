"""Who a customer is: what they tell and show us, and who looks at it."""

"""Where a person is logged in: sessions, devices and the browsers behind them."""

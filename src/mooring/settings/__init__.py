"""Django settings. `environment` reads the world once, typed; everything else is derived."""

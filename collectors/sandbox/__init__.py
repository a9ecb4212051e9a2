"""A loopback server that speaks the platforms' dialects from a made-up municipality: for the demo, tests and load."""

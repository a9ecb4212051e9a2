"""One file a detector, each with a module-level `detector`; the engine finds them by itself."""

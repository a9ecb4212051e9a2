"""Everything that judges a text. Knows no network, database, clock or screen; imports `data.types` alone."""

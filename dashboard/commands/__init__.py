"""The commands, a file for each group; `dashboard.cli` puts them together."""

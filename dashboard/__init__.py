"""Everything a person touches: screens, reports, the command line, and the Danish words."""

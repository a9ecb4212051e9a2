"""Everything that talks to the outside, and the visit that ties the line together."""

"""Who is let in: a gate before everything that the dashboard answers, and the few pages that stand before the gate."""

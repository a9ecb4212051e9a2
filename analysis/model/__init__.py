"""The trained score: features of a text, a small readable file of weights, and the scorer that joins the two."""

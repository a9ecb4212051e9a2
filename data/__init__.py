"""Everything that remembers: the words, the tables, what is written and what is asked. Imports none of our folders."""

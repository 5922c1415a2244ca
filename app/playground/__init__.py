"""One visitor: everything on the table, what can be done to it, and the log of what was done."""

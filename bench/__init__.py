"""``python -m bench``: how fast, how small, against targets; every ratio is measured inside one run."""

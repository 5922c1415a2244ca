"""The numbers: by hand in NumPy, with PyTorch as the referee. Knows no visitor and no page."""

"""Five by Five: a neural network so small that every number of it fits on one screen."""

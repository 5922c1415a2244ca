"""What the project needs beside itself: a browser for its tests, vendored files, pictures."""

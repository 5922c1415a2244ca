"""What is shown: panels as frozen dataclasses, made from a moment. Knows no FastAPI and no Jinja."""

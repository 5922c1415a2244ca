"""HTTP: pages, actions and the JSON API over one session."""

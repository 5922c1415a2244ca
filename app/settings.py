"""Settings, read once: from the command line, the environment (FIVEBYFIVE_…), or their defaults."""

from __future__ import annotations

import secrets
from importlib.resources import files
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Five by Five: a playground in the browser for a network so small that every number fits on one screen."""

    model_config = SettingsConfigDict(env_prefix="FIVEBYFIVE_", frozen=True, cli_prog_name="python -m app")

    host: str = Field("127.0.0.1", description="address to listen on; 0.0.0.0 lets others in")
    port: int = Field(5555, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    data: Path = Field(
        user_data_path("fivebyfive", appauthor=False), description="folder for the sessions; made if it is missing"
    )
    secret: str = Field("", description="what cookies are signed with; by default kept in the data folder")

    def cookie_secret(self) -> str:
        """Return the secret that cookies are signed with; make one in the data folder at the first start."""
        if self.secret:
            return self.secret
        self.data.mkdir(parents=True, exist_ok=True)
        file = self.data / "secret"
        try:
            with file.open("x") as new:  # exclusive: of several processes that start at once, one writes
                file.chmod(0o600)
                new.write(secrets.token_urlsafe(32))
        except FileExistsError:
            pass
        return file.read_text()


def folder(name: str) -> Path:
    """Return ``templates`` or ``static``: inside the package when installed, beside it in a checkout."""
    package = Path(str(files("app")))
    inside = package / name
    return inside if inside.is_dir() else package.parent / name

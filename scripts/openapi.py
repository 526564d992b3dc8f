"""Writes the API's description to `web/openapi.json`, from which the front end's types are generated."""

import json
import sys
from pathlib import Path

from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.settings import read_settings
from clientela.roles.openapi import complete
from clientela.roles.parts import Parts
from clientela.roles.routes import web_application

TARGET = Path(__file__).parents[1] / "web" / "openapi.json"


def document() -> str:
    """The description as it is committed. Nothing is connected to: the routes alone tell it."""
    vault = Vault("describes the routes only")
    parts = Parts(
        settings=read_settings({}),
        vault=vault,
        db=Database("postgresql://nobody@localhost/none", vault),
        bus=None,  # type: ignore[arg-type]  # no route is called
        verify_token="",
    )
    described = complete(web_application(parts).openapi_schema.to_schema())
    return json.dumps(described, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    TARGET.write_text(document())
    sys.stdout.write(f"{TARGET.name} written\n")

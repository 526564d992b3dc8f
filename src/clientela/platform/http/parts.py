"""What handlers may ask for by name: `db: Db`, `vault: TheVault`, `bus: TheBus`, `settings: TheSettings`,
`files: TheFiles`, `reader: TheReader`."""

from typing import TypeAlias

from litestar.di import NamedDependency

from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.files import Files
from clientela.platform.media_read import MediaReader
from clientela.platform.settings import Settings

Db: TypeAlias = NamedDependency[Database]
TheFiles: TypeAlias = NamedDependency[Files]
TheReader: TypeAlias = NamedDependency[MediaReader]
TheBus: TypeAlias = NamedDependency[Bus]
TheVault: TypeAlias = NamedDependency[Vault]
TheSettings: TypeAlias = NamedDependency[Settings]

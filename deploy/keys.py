"""The key pair of a system for the inside identity, made on its first start: `keys/` in its data folder."""

from pathlib import Path

from chassis.web.tokens import KeyPair, new_key_pair
from deploy.data_folder import write_private


def key_files(folder: Path) -> tuple[Path, Path]:
    """Where the private and the public key lie."""
    return folder / "keys" / "inside-private.pem", folder / "keys" / "inside-public.pem"


def key_pair(folder: Path) -> KeyPair:
    """The pair of this data folder."""
    files = key_files(folder)
    if not all(file.exists() for file in files):
        files[0].parent.mkdir(mode=0o700, exist_ok=True)
        pair = new_key_pair()
        for file, text in zip(files, (pair.private_pem, pair.public_pem), strict=True):
            write_private(file, text)
    return KeyPair(*(file.read_text(encoding="ascii") for file in files))

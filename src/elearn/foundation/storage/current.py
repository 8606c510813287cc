"""The store of this process."""

from functools import lru_cache
from urllib.parse import urlsplit

from elearn.foundation.settings import Settings, settings
from elearn.foundation.storage.local import LocalDisk
from elearn.foundation.storage.s3 import S3Bucket
from elearn.foundation.storage.store import Store


def open_store(chosen: Settings) -> Store:
    """The store the settings name: s3://bucket/prefix, or the data folder. Raises ValueError for another address."""
    if not chosen.storage_url:
        return LocalDisk(chosen.data_dir)
    address = urlsplit(chosen.storage_url)
    if address.scheme != "s3" or not address.netloc:
        raise ValueError("ELEARN_STORAGE_URL must be empty or look like s3://bucket/prefix")
    return S3Bucket(
        address.netloc,
        address.path.strip("/"),
        endpoint=chosen.s3_endpoint,
        access_key_id=chosen.s3_access_key_id,
        secret_access_key=chosen.s3_secret_access_key,
        region=chosen.s3_region,
    )


@lru_cache
def store() -> Store:
    """The store of this process, opened once."""
    return open_store(settings())

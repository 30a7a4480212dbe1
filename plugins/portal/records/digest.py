"""The canonical digest of a record: one value for what it says, by itself, in any checkout and any file format.

The list of published addresses holds it for each record; 保密审查 (条例 art. 17) is to hold the same value later, as the
content that was reviewed. So what is no content is left out: where the record stands in its life, and the review itself.
"""

import hashlib
import json
from collections.abc import Mapping

from portal.records.types import Record

LIFE = frozenset({"status", "date", "publish_at", "withdrawn_on", "withdrawn_reason", "secrecy_review"})
"""Fields that say when and whether the record is public, and who let it be: they change without a word of it changing."""


def canonical_digest(record: Record, files: Mapping[str, str]) -> str:
    """SHA-256, in hex, of the record's kind, fields and body, and of its files (name below content/files/ → SHA-256).

    Nothing of other records is in it. Empty fields are left out, so that a field that a later version of the portal
    adds changes no digest of records that do not use it.
    """
    content = {
        "kind": record.kind,
        "fields": record.model_dump(mode="json", exclude=set(LIFE), exclude_defaults=True),
        "body": record.body.digest,
        "files": dict(files),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

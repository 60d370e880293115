"""What the table of commands consists of."""

# Annotations are looked at here, as types: of texts, NamedTuple would compile each when the first call waits for it.

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

Repeat: TypeAlias = Literal["safe", "unsafe", "deduplicated"]
"""What it does to send a call again that may have been carried out: nothing, harm, or nothing for a while."""


class Paging(NamedTuple):
    """One way to read a list on; field names as on the wire, paths like `Response.List`."""

    items: str
    """Path of the items in an answer; lists on the way are gone through."""
    when: str | None = None
    """Request field that selects this way by being given, or by the value `equals`."""
    equals: object = None
    start: Mapping[str, object] = {}
    """Request fields of the first page."""
    carry: Mapping[str, str] = {}
    """Path in an answer, and the request field of the next page that its value goes into."""
    until: tuple[str, object] | None = None
    """Path in an answer, and its value on the last page; it may also be absent there."""
    offset: str | None = None
    """Request field that counts the items so far."""
    total: str | None = None
    """Path of the number of all items."""
    size: str | None = None
    """Request field with the number of items that one call returns at most."""
    page: str | None = None
    """Request field that counts the pages, from 1."""
    descend: tuple[str, str] | None = None
    """Field of an item, and the request field into which the smallest one, less one, goes."""

    @property
    def moving(self) -> tuple[str, ...]:
        """The request fields that differ from page to page."""
        fields = [*self.carry.values(), self.offset, self.page, self.descend and self.descend[1]]
        if self.when is not None and self.equals is None:
            fields.append(self.when)
        return tuple(dict.fromkeys(field for field in fields if field))


class Batch(NamedTuple):
    """The list that a caller may want longer than one call takes."""

    field: str
    max: int


class FailureList(NamedTuple):
    """Where an OK answer reports failed items."""

    items: str
    """Path of the list."""
    item: str | None = None
    """Field of an entry that names the item; None when the entries are the names."""
    code: str | None = None
    info: str | None = None
    failed: tuple[str | int | bool, ...] = ()
    """Values of `code` that mean failure; empty for all but 0."""


class SafeIf(NamedTuple):
    """What makes a single call of an unsafe command safe."""

    field: str
    """Request field; 0, false and empty values count as absent."""
    given: bool
    """Whether it must be there, or must not."""


class Repeated(NamedTuple):
    """How a call that is sent again says that it was done before."""

    code: int
    info: str = ""
    """What the answer's words hold; empty where the code alone is enough."""
    single: str = ""
    """Request list that has one entry only; empty where it does not matter."""

    def matches(self, code: object, info: object) -> bool:
        """Whether an answer, or an item of one, with this code and these words says so."""
        return str(code) == str(self.code) and self.info in str(info)


class Deprecated(NamedTuple):
    """That a command is not to be used any more, or that a code no longer comes."""

    since: str | None
    """Date from which it is: `2021-12-31`."""
    use: str
    """What to do instead, as an imperative: `use query_online_status`."""


class Row(NamedTuple):
    """A command as it stands in the registry."""

    path: str
    method: str
    summary: str
    docs: str
    date: str
    repeat: Repeat
    rate_limits: tuple[tuple[int, str, str | None, str | None], ...]
    errors: tuple[int, ...]
    fill: tuple[str, ...]
    module: str
    """Module of its classes, below `models`."""
    request_class: str
    response_class: str
    reads: bool = False
    rising: tuple[str, ...] = ()
    dedupe_window: int = 0
    safe_if: SafeIf | None = None
    repeated: tuple[Repeated, ...] = ()
    paging: tuple[Paging, ...] = ()
    batch: Batch | None = None
    failures: tuple[FailureList, ...] = ()
    former: Mapping[str, str] = {}
    deprecated: Deprecated | None = None
    aliases: tuple[str, ...] = ()

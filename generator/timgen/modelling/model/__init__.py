"""The model: everything a template or an exporter may ask about the API.

Frozen and complete. Names, Python types and sentences are derived when the model is built
(`timgen.modelling.build`), so that templates only read.
"""

from timgen.modelling.model.advice import Deprecated, Replacement
from timgen.modelling.model.api import Api, Client, Namespace, QueryParameter, Region, Service, Verdict
from timgen.modelling.model.bodies import (
    Argument,
    Body,
    EnumValue,
    Field,
    Import,
    Location,
    Member,
    Record,
    SharedSchema,
    TextLimit,
    merged,
)
from timgen.modelling.model.commands import (
    Alias,
    Batch,
    Command,
    Dedupe,
    Example,
    Failures,
    Former,
    Iterator,
    Paging,
    Plans,
    RateLimit,
    Repeated,
    SafeIf,
)
from timgen.modelling.model.errors import Category, ErrorArea, ErrorCode, Meaning
from timgen.modelling.model.later import Later
from timgen.modelling.model.webhooks import Outcome, ReplyCode, Webhook, WebhookExample

__all__ = [
    "Alias",
    "Api",
    "Argument",
    "Batch",
    "Body",
    "Category",
    "Client",
    "Command",
    "Dedupe",
    "Deprecated",
    "EnumValue",
    "ErrorArea",
    "ErrorCode",
    "Example",
    "Failures",
    "Field",
    "Former",
    "Import",
    "Iterator",
    "Later",
    "Location",
    "Meaning",
    "Member",
    "Namespace",
    "Outcome",
    "Paging",
    "Plans",
    "QueryParameter",
    "RateLimit",
    "Record",
    "Region",
    "Repeated",
    "Replacement",
    "ReplyCode",
    "SafeIf",
    "Service",
    "SharedSchema",
    "TextLimit",
    "Verdict",
    "Webhook",
    "WebhookExample",
    "merged",
]

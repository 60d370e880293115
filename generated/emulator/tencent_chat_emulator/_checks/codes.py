"""Codes of broken bodies that the pages of commands name; elsewhere the code is that of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_TOO_LONG, _TOO_MANY, _MISSING = ("x-max-bytes",), ("maxItems",), ("required",)
_WRONG = ("type", "minLength", "minItems")

Rule = tuple[str, Sequence[str], int]
"""A field (`ProfileItem.Value`), the keywords of JSON Schema that it breaks (none: any), and the code."""

_OF_ATTRIBUTES: Sequence[Rule] = (
    ("GroupAttr", _TOO_MANY, 10047),
    ("GroupAttr.key", _TOO_LONG, 10045),
    ("GroupAttr.value", _TOO_LONG, 10046),
)

CODES: Mapping[str, Sequence[Rule]] = {
    "group_open_http_svc/delete_group_attr": _OF_ATTRIBUTES,
    "group_open_http_svc/modify_group_attr": _OF_ATTRIBUTES,
    "group_open_http_svc/send_group_msg": (("GroupAtInfo", _TOO_MANY, 10053),),
    "group_open_http_svc/set_group_attr": _OF_ATTRIBUTES,
    "group_open_http_svc/update_group_counter": (("GroupCounter", _TOO_MANY, 10063),),
    "im_open_login_svc/account_import": (
        ("Nick", _TOO_LONG, 40601),
        ("FaceUrl", _TOO_LONG, 40601),
    ),
    "im_msg_audit/batch_content_moderation": (("Contents", _TOO_MANY, 93008),),
    "im_msg_audit/content_moderation": (("Content", _TOO_LONG, 93000),),
    "im_msg_audit_mgr/add_cloud_audit_keywords": (("UserKeywords", _TOO_MANY, 2016),),
    "live_engine_http_srv/set_room_metadata": (
        ("Metadata", _TOO_MANY, 100500),
        ("Metadata.Key", _TOO_LONG, 100504),
        ("Metadata.Value", _TOO_LONG, 100501),
    ),
    "openconfigsvr/getnospeaking": (
        ("Get_Account", _MISSING, 130002),
        ("Get_Account", _WRONG, 130003),
    ),
    "openconfigsvr/setnospeaking": (
        ("Set_Account", _MISSING, 130004),
        ("Set_Account", _WRONG, 130005),
    ),
    "openim/query_online_status": (
        ("To_Account", _TOO_MANY, 90011),
        ("To_Account", ("type",), 90003),
    ),
    "openim/querystate": (
        ("To_Account", _TOO_MANY, 90011),
        ("To_Account", ("type",), 90003),
    ),
    "profile/portrait_get": (
        ("To_Account", (*_MISSING, "minItems"), 40002),
        ("TagList", ("enum", "pattern", "anyOf"), 40009),
    ),
    "profile/portrait_set": (
        ("ProfileItem.Tag", ("enum", "pattern", "anyOf"), 40009),
        ("ProfileItem.Value", _TOO_LONG, 40601),
        ("ProfileItem.Value", ("type",), 40610),
    ),
}
"""Rules by command."""


def code_of(command: str, field: str, keyword: str) -> int | None:
    """Return the code that the page of `command` names for a field that breaks a keyword."""
    for path, keywords, code in CODES.get(command, ()):
        if path == field and keyword in keywords:
            return code
    return None

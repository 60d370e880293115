"""Codes of broken bodies that the pages of commands name; elsewhere the code is that of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_TOO_LONG, _TOO_MANY, _MISSING = ("x-max-bytes",), ("maxItems",), ("required",)
_WRONG = ("type", "minLength", "minItems")

Rule = tuple[str, Sequence[str], int]
"""A field (`ProfileItem.Value`; empty: any), the keywords of JSON Schema that it breaks (none: any), and the code."""

_OF_ATTRIBUTES: Sequence[Rule] = (
    ("GroupAttr", _TOO_MANY, 10047),
    ("GroupAttr.key", _TOO_LONG, 10045),
    ("GroupAttr.value", _TOO_LONG, 10046),
)
_OF_TASKS: Sequence[Rule] = (("", (), 90104),)

_OF_CONDITIONS: Sequence[Rule] = (
    ("Condition.TagsAnd", _TOO_MANY, 90032),
    ("Condition.TagsOr", _TOO_MANY, 90032),
    *(
        (f"Condition.{name}", keywords, code)
        for name in ("TagsAnd", "TagsOr", "TagsNot")
        for keywords, code in ((_TOO_LONG, 90020), (("minLength",), 90040))
    ),
    ("MsgRandom", (), 90005),
)

CODES: Mapping[str, Sequence[Rule]] = {
    "all_member_push/im_add_tag": (("UserTags", _TOO_MANY, 90018),),
    "all_member_push/im_get_attr": (("To_Account", _TOO_MANY, 90018),),
    "all_member_push/im_get_tag": (("To_Account", _TOO_MANY, 90018),),
    "all_member_push/im_push": (
        *_OF_CONDITIONS,
        ("MsgBody", ("type",), 90007),
        ("MsgBody", (*_MISSING, "minItems"), 90002),
        ("MsgLifeTime", ("maximum", "minimum"), 90026),
    ),
    "all_member_push/im_remove_all_tags": (("To_Account", _TOO_MANY, 90018),),
    "all_member_push/im_remove_attr": (("UserAttrs", _TOO_MANY, 90018),),
    "all_member_push/im_remove_tag": (("UserTags", _TOO_MANY, 90018),),
    "all_member_push/im_set_attr": (("UserAttrs", _TOO_MANY, 90018),),
    "group_open_http_svc/delete_group_attr": (("GroupAttr.key", _TOO_LONG, 10045),),
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
    "timpush/add_sched_task": _OF_TASKS,
    "timpush/add_tag": (("UserTags", _TOO_MANY, 90018),),
    "timpush/batch": (("DataId", _TOO_LONG, 90057),),
    "timpush/clear_all_tags": (("To_Account", _TOO_MANY, 90018),),
    "timpush/delete_sched_task": _OF_TASKS,
    "timpush/get_attr": (("To_Account", _TOO_MANY, 90018),),
    "timpush/get_sched_task": _OF_TASKS,
    "timpush/get_tag": (("To_Account", _TOO_MANY, 90018),),
    "timpush/list_sched_task": _OF_TASKS,
    "timpush/modify_sched_task": _OF_TASKS,
    "timpush/push": _OF_CONDITIONS,
    "timpush/remove_attr": (("UserAttrs", _TOO_MANY, 90018),),
    "timpush/remove_tag": (("UserTags", _TOO_MANY, 90018),),
    "timpush/set_attr": (("UserAttrs", _TOO_MANY, 90018),),
    "timpush/webpush": (("MsgRandom", (), 90005),),
}
"""Rules by command."""


def code_of(command: str, field: str, keyword: str) -> int | None:
    """Return the code that the page of `command` names for a field that breaks a keyword."""
    for path, keywords, code in CODES.get(command, ()):
        if path in ("", field) and (not keywords or keyword in keywords):
            return code
    return None

"""Codes of broken bodies that the pages of commands name; elsewhere the code is that of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_TOO_LONG, _TOO_MANY, _MISSING = ("x-max-bytes",), ("maxItems",), ("required",)
_WRONG = ("type", "minLength", "minItems")
_ABSENT = (*_MISSING, *_WRONG)
_NUMBER = ("type", "minimum", "maximum")

Rule = tuple[str, Sequence[str], int]
"""A field (`ProfileItem.Value`; `MsgBody.*` for all below, `*` for any), the keywords of JSON Schema that it breaks
(none: any), and the code."""

_OF_ATTRIBUTES: Sequence[Rule] = (
    ("GroupAttr", _TOO_MANY, 10047),
    ("GroupAttr.key", _TOO_LONG, 10045),
    ("GroupAttr.value", _TOO_LONG, 10046),
)
_OF_TASKS: Sequence[Rule] = (("*", (), 90104),)

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

_OF_MESSAGES: Sequence[Rule] = (
    ("MsgBody", ("type",), 90007),
    ("MsgBody", (*_MISSING, "minItems", "maxContains"), 90002),
    ("MsgBody.*", (), 90002),
)

CODES: Mapping[str, Sequence[Rule]] = {
    "all_member_push/im_add_tag": (("UserTags", _TOO_MANY, 90018),),
    "all_member_push/im_get_attr": (("To_Account", _TOO_MANY, 90018),),
    "all_member_push/im_get_tag": (("To_Account", _TOO_MANY, 90018),),
    "all_member_push/im_push": (
        *_OF_CONDITIONS,
        *_OF_MESSAGES,
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
    "openim/admin_getroammsg": (
        ("Operator_Account", _ABSENT, 90008),
        ("Peer_Account", _ABSENT, 90003),
    ),
    "openim/admin_msgwithdraw": (
        ("From_Account", _ABSENT, 90008),
        ("To_Account", _ABSENT, 90003),
        ("MsgKey", _ABSENT, 90054),
    ),
    "openim/admin_set_msg_read": (
        ("Report_Account", _ABSENT, 90008),
        ("Peer_Account", _ABSENT, 90003),
    ),
    "openim/batchsendmsg": (
        ("From_Account", _WRONG, 90008),
        ("To_Account", _TOO_MANY, 90011),
        ("MsgSeq", _NUMBER, 90004),
        *_OF_MESSAGES,
    ),
    "openim/get_c2c_unread_msg_num": (("To_Account", _ABSENT, 90003),),
    "openim/importmsg": (
        ("SyncFromOldSystem", (*_ABSENT, "enum"), 90030),
        ("From_Account", _ABSENT, 90008),
        ("To_Account", _ABSENT, 90003),
        ("MsgRandom", (*_MISSING, *_NUMBER), 90005),
        ("MsgTimeStamp", _ABSENT, 90006),
        *_OF_MESSAGES,
    ),
    "openim/modify_c2c_msg": (("To_Account", _ABSENT, 90003), *_OF_MESSAGES),
    "openim/query_online_status": (
        ("To_Account", _TOO_MANY, 90011),
        ("To_Account", ("type",), 90003),
    ),
    "openim/querystate": (
        ("To_Account", _TOO_MANY, 90011),
        ("To_Account", ("type",), 90003),
    ),
    "openim/sendmsg": (
        ("To_Account", _ABSENT, 90003),
        ("MsgRandom", (*_MISSING, *_NUMBER), 90005),
        ("SyncOtherMachine", ("type",), 90031),
        ("MsgLifeTime", ("type",), 90044),
        *_OF_MESSAGES,
    ),
    "profile/portrait_get": (
        ("To_Account", (*_MISSING, "minItems"), 40002),
        ("TagList", ("enum",), 40009),
    ),
    "profile/portrait_set": (
        ("ProfileItem.Tag", ("enum",), 40009),
        ("ProfileItem.Value", _TOO_LONG, 40601),
        ("ProfileItem.Value", ("type",), 40610),
    ),
    "recentcontact/create_contact_group": (("GroupContactItem.GroupName", _TOO_LONG, 51011),),
    "recentcontact/mark_contact": (("MarkItem", (*_TOO_MANY, "minItems"), 51006),),
    "recentcontact/update_contact_group": (("UpdateGroup.NewGroupName", _TOO_LONG, 51011),),
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
        is_meant = field.startswith(path[:-1]) if path.endswith("*") else field == path
        if is_meant and (not keywords or keyword in keywords):
            return code
    return None

"""Names in Python for names of the API."""

from __future__ import annotations

import pytest

from timgen.language.naming import RESERVED, class_prefix, item_name, module_name, pascal, python_name


@pytest.mark.parametrize(
    ("wire", "python"),
    [
        ("To_Account", "to_account"),
        ("UserID", "user_id"),
        ("MsgBody", "msg_body"),
        ("GroupIdList", "group_id_list"),
        ("SDKAppID", "sdk_app_id"),
        ("IsNeedReadReceipt", "is_need_read_receipt"),
        ("Tag_Profile_IM_Nick", "tag_profile_im_nick"),
        ("CurruentStandardSequence", "curruent_standard_sequence"),
        ("OPPOChannelID", "oppo_channel_id"),
        ("C2CMsg", "c2c_msg"),
        ("iOSInfo", "i_os_info"),
        ("already_snake", "already_snake"),
        ("UPPER", "upper"),
        ("with space", "with_space"),
        ("with.dot-and-dash", "with_dot_and_dash"),
        ("__dunder__", "dunder"),
        ("2fa", "field_2fa"),
        ("-", "field"),
        ("", "field"),
        ("class", "class_"),
        ("Class", "class_"),
        ("None", "none"),
        ("Self", "self_"),
        ("JSON", "json_"),
        ("ModelConfig", "model_config_"),
        ("Timeout", "timeout_"),
        ("Größe", "größe"),
        ("ﬁeld", "field"),
        ("名字", "名字"),
        ("²", "field_2"),
    ],
)
def test_fields(wire: str, python: str) -> None:
    assert python_name(wire) == python


def test_what_methods_and_models_need_is_reserved() -> None:
    assert {"self", "extra", "timeout", "identifier", "validate", "copy", "json", "model_dump", "raw"} <= RESERVED


@pytest.mark.parametrize(
    ("name", "part"),
    [("member_list", "MemberList"), ("To_Account", "ToAccount"), ("with.dot-x", "WithDotX"), ("UserID", "UserID"),
     ("2d", "Field2d"), ("名字", "名字"), ("größe", "Größe"), ("-", "Field2d")],
)  # fmt: skip
def test_parts_of_class_names(name: str, part: str) -> None:
    assert pascal(name) == part


@pytest.mark.parametrize(
    ("function", "noun", "prefix"),
    [
        ("create", "Group", "CreateGroup"),
        ("add_members", "Group", "AddGroupMembers"),
        ("import_account", "Account", "ImportAccount"),
        ("import_accounts", "Account", "ImportAccounts"),
        ("import_", "Group", "ImportGroup"),
        ("get_member_info", "Group", "GetGroupMemberInfo"),
    ],
)
def test_class_names_of_commands(function: str, noun: str, prefix: str) -> None:
    assert class_prefix(function, noun) == prefix


@pytest.mark.parametrize(
    ("wire", "item"),
    [
        ("MemberList", "Member"),
        ("Member_List", "Member"),
        ("UserAttrs", "UserAttr"),
        ("ImageInfoArray", "ImageInfo"),
        ("Categories", "Category"),
        ("Address", "Address"),
        ("Status", "Status"),
        ("List", "List"),
        ("MsgBody", "MsgBody"),
    ],
)
def test_items_of_lists(wire: str, item: str) -> None:
    assert item_name(wire) == item


def test_modules() -> None:
    assert module_name("C2C.CallbackBeforeSendMsg") == "c2c_callback_before_send_msg"
    assert module_name("import_") == "import_"

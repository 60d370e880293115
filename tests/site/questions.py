"""What people type who know the vendor's console or another chat service, but not these pages.

A row has the largest rank that is admitted, the words, and the pages that answer them, any of which will do.
"""

from __future__ import annotations

_ROWS = """\
1 | callback url | guides/webhooks
1 | webhook url | guides/webhooks
1 | callback authentication | guides/webhooks
1 | offline push | schemas/OfflinePushInfo namespaces/push
1 | push notification | namespaces/push
1 | push to all users | commands/timpush/push commands/all_member_push/im_push
1 | recall message | commands/openim/admin_msgwithdraw commands/group_open_http_svc/group_msg_recall
1 | withdraw message | commands/openim/admin_msgwithdraw commands/group_open_http_svc/group_msg_recall
1 | revoke message | commands/openim/admin_msgwithdraw commands/group_open_http_svc/group_msg_recall
1 | recall group message | commands/group_open_http_svc/group_msg_recall
1 | mute members | commands/group_open_http_svc/forbid_send_msg
1 | mute group member | commands/group_open_http_svc/forbid_send_msg
1 | mute account | commands/openconfigsvr/setnospeaking
1 | global mute | commands/openconfigsvr/setnospeaking
1 | shut up | commands/group_open_http_svc/forbid_send_msg
1 | message history | commands/openim/admin_getroammsg commands/group_open_http_svc/group_msg_get_simple
1 | historical messages | commands/openim/admin_getroammsg commands/group_open_http_svc/group_msg_get_simple
1 | chat history | commands/openim/admin_getroammsg commands/group_open_http_svc/group_msg_get_simple
1 | group message history | commands/group_open_http_svc/group_msg_get_simple
1 | export chat history | commands/open_msg_svc/get_history
1 | online status | commands/openim/query_online_status
1 | login status | commands/openim/query_online_status
1 | presence | commands/openim/query_online_status
1 | block user | commands/sns/black_list_add namespaces/blocklist
1 | blacklist | namespaces/blocklist commands/sns/black_list_add
1 | blocked list | namespaces/blocklist commands/sns/black_list_get
1 | unblock user | commands/sns/black_list_delete
1 | delete account | commands/im_open_login_svc/account_delete
1 | delete user | commands/im_open_login_svc/account_delete
1 | create user | commands/im_open_login_svc/account_import
1 | register user | commands/im_open_login_svc/account_import
1 | import account | commands/im_open_login_svc/account_import
1 | batch import accounts | commands/im_open_login_svc/multiaccount_import
1 | kick user | commands/im_open_login_svc/kick
1 | force logout | commands/im_open_login_svc/kick
1 | dismiss group | commands/group_open_http_svc/destroy_group
1 | delete group | commands/group_open_http_svc/destroy_group
1 | create group | commands/group_open_http_svc/create_group
1 | change group owner | commands/group_open_http_svc/change_group_owner
1 | transfer group | commands/group_open_http_svc/change_group_owner
1 | add group members | commands/group_open_http_svc/add_group_member
1 | invite to group | commands/group_open_http_svc/add_group_member
1 | kick group member | commands/group_open_http_svc/delete_group_member
1 | set group admin | commands/group_open_http_svc/modify_group_member_info
1 | group announcement | commands/group_open_http_svc/modify_group_base_info
1 | joined groups | commands/group_open_http_svc/get_joined_group_list
1 | read receipt | commands/openim/c2c_msg_read_receipt commands/group_open_http_svc/get_group_msg_receipt
1 | unread count | commands/openim/get_c2c_unread_msg_num commands/group_open_http_svc/set_unread_msg_num
1 | unread messages | commands/openim/get_c2c_unread_msg_num
1 | clear unread | commands/openim/admin_set_msg_read
1 | friend request | commands/sns/friend_add webhooks/Sns.CallbackPrevFriendAdd
1 | delete friend | commands/sns/friend_delete
1 | friend list | commands/sns/friend_get
1 | ban user | commands/group_open_http_svc/ban_group_member commands/openconfigsvr/setnospeaking
1 | keyword filter | namespaces/moderation
1 | sensitive words | commands/im_msg_audit_mgr/add_cloud_audit_keywords
1 | dirty words | commands/im_msg_audit_mgr/add_cloud_audit_keywords commands/im_msg_audit_mgr/add_local_audit_keywords
1 | content moderation | namespaces/moderation commands/im_msg_audit/content_moderation
3 | custom field | schemas/CustomField schemas/MemberCustomField
3 | custom message | schemas/CustomElem
1 | group attributes | commands/group_open_attr_http_svc/get_group_attr commands/group_open_http_svc/set_group_attr
1 | group counter | commands/group_open_http_svc/update_group_counter commands/group_open_http_svc/get_group_counter
1 | live room | namespaces/live_rooms commands/live_engine_http_srv/create_room
1 | avchatroom | namespaces/live_groups
1 | robot | namespaces/bots commands/openim_robot_http_svc/create_robot
1 | signature expired | errors/70001
1 | usersig expired | errors/70001
1 | invalid usersig | errors/70003
1 | generate usersig | python/tencent_chat.usersig.generate
1 | qps limit | guides/rate-limits
1 | frequency limit | guides/rate-limits
1 | too many requests | guides/rate-limits
3 | avatar | commands/profile/portrait_set
1 | user profile | commands/profile/portrait_get commands/profile/portrait_set
1 | send message | commands/openim/sendmsg commands/group_open_http_svc/send_group_msg
1 | one-to-one message | commands/openim/sendmsg
1 | single chat | commands/openim/sendmsg
1 | batch send | commands/openim/batchsendmsg
1 | system notification | commands/group_open_http_svc/send_group_system_notification
1 | edit message | commands/openim/modify_c2c_msg commands/openim/modify_group_msg
1 | message reactions | commands/openim_msg_ext_http_svc/set_key_values
1 | sticky conversation | commands/recentcontact/top
3 | recent contacts | commands/recentcontact/get_list
1 | session list | commands/recentcontact/get_list
1 | do not disturb | schemas/MsgFlag
1 | community topic | commands/million_group_open_http_svc/create_topic namespaces/topics
3 | statistics | commands/openconfigsvr/getappinfo
1 | daily active users | commands/openconfigsvr/getappinfo
1 | ip whitelist | commands/ConfigSvc/GetIPList
1 | data center | protocol
1 | error code | errors
1 | image message | schemas/ImageElem
1 | voice message | schemas/SoundElem
1 | merge forward | schemas/RelayElem
1 | call records | commands/call_record_http_srv/get_record_by_filter commands/call_record_http_srv/get_record_by_callid
1 | mic seat | namespaces/seats commands/room_engine_http_mic/get_seat_list
3 | fans | commands/follow/follow_get
1 | official account | namespaces/official_accounts
1 | scheduled push | commands/timpush/add_sched_task
1 | test environment | guides/testing
1 | sandbox | guides/testing
1 | retry | guides/errors-and-retries
1 | pagination | guides/paging-and-batches
1 | postman | guides/other-tools
1 | recal mesage | commands/openim/admin_msgwithdraw commands/group_open_http_svc/group_msg_recall
1 | send a message to a group | commands/group_open_http_svc/send_group_msg
1 | disband a group | commands/group_open_http_svc/destroy_group
1 | block a user | commands/sns/black_list_add
1 | get the members of a group | commands/group_open_http_svc/get_specified_group_member_info
1 | join approval | schemas/ApplyJoinOption webhooks/Group.CallbackBeforeApplyJoinGroup
1 | user online callback | webhooks/State.StateChange
3 | group not exist | errors/10010
1 | no permission | errors/10007
1 | cancel push | commands/timpush/revoke
1 | clear chat history | commands/group_open_http_svc/clear_group_msg commands/openim/delete_c2c_msg_ramble
1 | customer service | namespaces/desk
1 | close live room | commands/live_engine_http_srv/destroy_room
1 | quick start | index
1 | install python sdk | index
1 | group created callback | webhooks/Group.CallbackAfterCreateGroup
1 | multi-device sync | schemas/SyncOtherMachine
"""

QUESTIONS: dict[str, tuple[int, list[str]]] = {
    words: (int(rank), pages.split()) for rank, words, pages in (row.split(" | ") for row in _ROWS.splitlines())
}

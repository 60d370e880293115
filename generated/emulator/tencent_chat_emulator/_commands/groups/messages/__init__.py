"""Messages of groups and topics: how their commands are carried out."""

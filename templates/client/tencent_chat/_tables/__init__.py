"""What is made of the spec: facts about commands, webhooks, error codes and the protocol."""

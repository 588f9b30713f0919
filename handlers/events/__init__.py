"""Events: announced in many chats, answered in each."""

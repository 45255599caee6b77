"""From stories to messages: rules, topics, matching, delivery."""

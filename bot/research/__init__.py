"""From a question to an answer, or to not knowing."""

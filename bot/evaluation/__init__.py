"""How well a library answers questions of which the answers are known, and what decides that."""

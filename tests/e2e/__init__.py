"""The real bots as processes, spoken to over real sockets."""

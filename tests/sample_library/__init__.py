"""The sample library: the text of its PDFs, how they are made, and questions about it."""

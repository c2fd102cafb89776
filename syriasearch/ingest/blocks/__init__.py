"""Blocks: from plain text, Markdown and HTML to cleaned paragraphs."""

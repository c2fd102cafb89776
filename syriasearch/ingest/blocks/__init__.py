"""From a document to its paragraphs: plain text, Markdown, HTML, and what is cleaned away."""

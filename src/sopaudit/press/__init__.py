"""How anything gets onto a page: words, templates, HTML, PDF, charts."""

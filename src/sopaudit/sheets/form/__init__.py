"""The offline form: one HTML file for phone or tablet, and the ZIP or JSON it hands over."""

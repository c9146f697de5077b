"""The words for the model: templates, profiles, rendering, and reading the answer."""

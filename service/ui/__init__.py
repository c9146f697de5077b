"""The linguists' pages at ``/ui``; NiceGUI is imported only by ``pages.py`` and what it imports."""

"""Files that are read, and folders of results that are written so that nothing is lost."""

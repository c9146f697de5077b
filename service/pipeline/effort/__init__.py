"""What is done for an item beyond translating it: candidates, selection, critique, edit."""

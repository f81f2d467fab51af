"""`sopaudit tickets`: one file a command."""

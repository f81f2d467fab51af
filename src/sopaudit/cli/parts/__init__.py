"""`sopaudit parts`: one file a command."""

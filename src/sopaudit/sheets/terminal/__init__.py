"""`sopaudit fill`: a checklist filled in at the terminal, one key an answer, nothing lost."""

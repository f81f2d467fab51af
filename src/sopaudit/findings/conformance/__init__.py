"""Event logs held against workflows: each ticket by optimal alignment, never by token replay."""

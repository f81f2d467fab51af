"""Where the money of customers is: double entry from customer to bank, with a name on each cent."""

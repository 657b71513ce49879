// The search box and the filters, quicker than without a script.

"""What leaves the machine: mails, and looks at the addresses that entries point to."""

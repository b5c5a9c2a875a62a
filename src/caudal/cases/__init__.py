"""What citizens report and ask, until it is answered: reports, claims, their orders and their locks."""

"""What the month stories and the world machine share: an office that works through the public doors."""

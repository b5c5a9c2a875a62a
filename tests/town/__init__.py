"""The small town everybody knows: its people, clerks, routes and services, made through the public doors."""

"""Work in the street: rounds and their stops, field orders, phones, what they send, photographs and places."""

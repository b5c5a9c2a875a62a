"""Benefits: who holds one by right, with which evidence, until when; what is sensitive is kept apart."""

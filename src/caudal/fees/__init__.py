"""One-off services of the counter, each a charge with its paper: fees of the book, certificates."""

"""Payment arrangements: a debt in installments that somebody can pay, and what happens when they do not."""

"""What a citizen holds and what the office stores of it: tokens, receipts, query codes, sealed words. Pure, but for chance."""

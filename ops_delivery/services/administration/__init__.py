"""What administrators change on their own, held to what the product needs."""

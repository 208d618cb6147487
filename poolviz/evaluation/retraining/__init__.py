"""What other trainings of a head tell: how far its weights move, what a penalty does to them."""

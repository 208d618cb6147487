"""The Train page: rows and what they hold, what is trained, trainings, models of one's own."""

"""Do the weights of two heads lie further apart than those of two trainings of one head?"""

"""Long trainings: to stop with what there is, to go on later, to be filmed."""

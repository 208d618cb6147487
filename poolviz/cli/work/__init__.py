"""What several commands do, and the queue of work in other processes."""

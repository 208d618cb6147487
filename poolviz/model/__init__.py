"""What a model can be: tables of heads and kinds, and options, without Keras."""

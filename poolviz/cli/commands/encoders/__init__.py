"""The commands about pretrained encoders."""

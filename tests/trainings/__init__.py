"""Tests of trainings in a process of their own."""

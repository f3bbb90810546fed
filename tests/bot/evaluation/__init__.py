"""Tests of evaluating and calibrating."""

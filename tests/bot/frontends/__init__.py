"""Tests of the platforms' doors."""

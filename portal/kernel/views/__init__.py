"""The pages every room shares."""

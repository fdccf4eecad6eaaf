"""What `python3 -m portal` does before Django can be imported. Standard library only."""

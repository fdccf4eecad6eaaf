"""What an operator needs beside the program: proxy configuration and the probe of the health checks."""

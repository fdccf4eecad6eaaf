"""The shell of the consumer complaint portal: commands, settings and the kernel that every room shares."""

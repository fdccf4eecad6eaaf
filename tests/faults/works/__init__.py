"""Jobs that leave traces which can be counted, and points at which a worker is killed; only tests install this app.

The kill points need nothing of the portal: they sit in these jobs, in a wrapper around this process's database
statements, and in signals of Celery.
"""

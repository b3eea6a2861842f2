"""The application for a WSGI server and for the command line: flask --app wsgi …"""

from portal import create_app

app = create_app()

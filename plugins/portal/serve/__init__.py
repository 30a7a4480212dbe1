"""The development server: static files, live reload, and problems shown over the page."""

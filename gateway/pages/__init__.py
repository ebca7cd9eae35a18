"""The pages for people: signing in, today's hall, the office of who leads, the sheet.

They decide nothing, and ask the services as anybody does.
"""

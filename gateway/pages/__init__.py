"""The pages for people: signing in, today's hall, the sheet.

They decide nothing, and ask the services as anybody does.
"""

"""The database: learners, their answers and verdicts, drafts, progress, sessions, invitations.

SQLAlchemy on SQLite (a file in the user's data folder) or PostgreSQL (by address). The stored answer
is the one truth: it is stored before it is judged, and gets exactly one list of verdicts.
"""

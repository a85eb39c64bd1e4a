"""The record of conversations: tables, the database that holds them, and one module of queries per kind of record."""

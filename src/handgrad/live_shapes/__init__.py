"""The shape of every intermediate of a draft, beside its line, as it is typed. Gives no verdict."""

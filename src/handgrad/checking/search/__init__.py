"""What did the code compute? The shortest expression over the level's arrays that gives what came."""

from handgrad.checking.search.bank import Bank
from handgrad.checking.search.lookup import BankOf, Computed, bank_of, search

__all__ = ["Bank", "BankOf", "Computed", "bank_of", "search"]

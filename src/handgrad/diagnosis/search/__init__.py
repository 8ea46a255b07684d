"""What did the code compute? The shortest expression over the level's arrays that gives what came."""

from handgrad.diagnosis.search.bank import Bank
from handgrad.diagnosis.search.lookup import LONGEST_SECONDS, BankOf, Computed, bank_of, search

__all__ = ["LONGEST_SECONDS", "Bank", "BankOf", "Computed", "bank_of", "search"]

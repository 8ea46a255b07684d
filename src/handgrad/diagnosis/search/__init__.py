"""The shortest expression over a level's arrays that reproduces what the code computed."""

from handgrad.diagnosis.search.expression_search import (
    LONGEST_SECONDS,
    FoundExpression,
    TableProvider,
    expression_table_of,
    find_expression,
)
from handgrad.diagnosis.search.expression_table import ExpressionTable

__all__ = [
    "LONGEST_SECONDS",
    "ExpressionTable",
    "FoundExpression",
    "TableProvider",
    "expression_table_of",
    "find_expression",
]

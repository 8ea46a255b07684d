"""What did the code compute? The shortest expression over the level's arrays that gives what came."""

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

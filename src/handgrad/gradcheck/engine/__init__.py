"""Is a backward pass right? Decided by numerical differentiation, with no reference at hand.

One identity is tested: for an upstream gradient u and a direction v, both Gaussian,
``⟨u, J v⟩ = ⟨Jᵀu, v⟩``. The left side is measured by running forward alone, the right side is what
backward claims. What is measured carries an error bound, so that the verdict is *right*, *wrong* or
*cannot tell*, and the cost does not grow with the number of entries.

Start reading at `check`.
"""

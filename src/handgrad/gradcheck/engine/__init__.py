"""Decides by numerical differentiation whether a backward pass is right, without a reference.

One identity is tested: for an upstream gradient u and a direction v, both Gaussian,
``⟨u, J v⟩ = ⟨Jᵀu, v⟩``. The left side is measured by running forward alone, the right side is what
backward gives. Every measurement has an error bound, so the verdict is *right*, *wrong* or *cannot
tell*. The cost does not grow with the number of entries.

Start reading at ``gradient_judge.py``.
"""

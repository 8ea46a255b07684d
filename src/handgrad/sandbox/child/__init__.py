"""The child process: runs a learner's code and sends back raw arrays.

Standard library and NumPy only. No module here imports handgrad: the reference
answers must not exist in the process that runs a stranger's code.
"""

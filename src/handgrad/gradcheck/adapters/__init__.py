"""What can be checked: each kind of code made into a `CodeUnderTest`. Start reading at `choice`."""

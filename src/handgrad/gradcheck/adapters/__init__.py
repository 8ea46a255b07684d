"""What can be checked: each kind of code made into a `Subject`. Start reading at `choice`."""

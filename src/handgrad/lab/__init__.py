"""The lab: the web platform on which the levels are learnt, in the browser."""

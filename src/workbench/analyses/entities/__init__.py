"""Who and what a text is about: `table` has every mention, `canonical` the names that quotations go by.

Other wings import from these two rooms and not from here: quotations need names, and the table needs quotations.
"""

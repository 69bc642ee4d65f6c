"""Files to documents: blocks of prose and formulas with their places, which part an answer belongs to, discourse."""

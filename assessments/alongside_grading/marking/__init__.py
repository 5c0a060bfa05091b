"""From what was handed in to the gradebook: keys and answers as data, one pure function, one transaction each."""

"""`zdtui check`: reading what is named, asking for its hazards, and putting them on paper."""

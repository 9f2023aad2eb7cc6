// The sources of this floor follow.

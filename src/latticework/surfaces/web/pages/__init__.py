"""Pages with a shape of their own, and what their forms do: one file each."""

"""SQL over a graph: tables in the company's words, asked in a process of their own."""

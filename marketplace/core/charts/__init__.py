"""Small charts that the server draws. Pure; whoever shows one puts a table with the same beside it."""

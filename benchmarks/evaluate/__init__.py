"""How good the order of hits is: questions with known answers, through searchapp and beside plain BM25."""

"""Web: sessions at the edge, rendering, forms, refusals, headers, menu, paging."""

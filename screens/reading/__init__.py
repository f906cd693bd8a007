"""Long texts over the whole screen: what is the same in all of them."""

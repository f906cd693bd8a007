"""The tools, a module a subject. `zdtui.agents.offered` lists them."""

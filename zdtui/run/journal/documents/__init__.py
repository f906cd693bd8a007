"""What `status` and `report` tell a program: JSON whose shape has a schema that comes with zdtui."""

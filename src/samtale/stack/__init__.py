"""One module per component: render its configuration, say how it is started, probe it."""

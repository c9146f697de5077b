"""The running thing: engines, pipeline, HTTP API, command line, settings, wiring."""

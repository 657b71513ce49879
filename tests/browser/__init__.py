"""The application in a real browser. A package, so that its server and its browser end where its tests do."""

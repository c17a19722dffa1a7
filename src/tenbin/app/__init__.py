"""The app: a page in the local browser on a case as it is typed, drawn with NiceGUI.

The only room that knows NiceGUI and starlette; nothing here is imported before ``tenbin app`` needs it.
"""

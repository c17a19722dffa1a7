from tenbin.app.drafts import *  # noqa

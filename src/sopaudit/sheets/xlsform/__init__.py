"""ODK and KoboToolbox: the form as an XLSForm, and what their servers export read back."""

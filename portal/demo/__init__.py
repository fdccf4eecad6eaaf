"""The demo city: invented people, shops and cases over every state, dated relative to today. Nothing here is real."""

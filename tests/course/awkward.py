"""Lines that other formats change in silence. Here each must come through word for word."""

AWKWARD = (
    "I called the line #988", "No", "Yes", "null", "~", "2:30", "1e3", "0x1F", "007", "1_000", "3.10", "2026-11-21",
    "[silence]", "[link](#start)", "{curly}", "{{ roleplay talk }}", "{#an-id}", "https://x.y//z", "- dash",
    "* star", "+ plus", "1. one", "# not a heading", "> not a quote", "| a | b |", "!bang", "&anchor", "*alias",
    "**bold**", "_under_", "`code`", "<b>bold</b>", "<script>alert(1)</script>", "&amp;", "%percent", "@someone",
    "$money$", "back\\slash", "C:\\new", "it's", 'say "at least" twice', "“curly inside” words", "l'été", "a: b",
    "key: value: more", "trust +1 · remember: it", "(if trust)", "Thinking: hard", "You: me", "what? no!", "...",
    "…", "—", "100 %", "👍 ok", "👩‍👩‍👧 family", "שלום לך", "مرحبا بك", "a\u202eb", "tab\there", "bell\x07inside",
    "e\u0301 combining", "zero\u200bwidth", "non\u00a0breaking", "line\u2028separator", "a -> b", "a → b",
    "if you can, else rest",
)  # fmt: skip

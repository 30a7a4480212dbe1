"""The clocks of the law: pure, without a framework, a database or a clock of their own."""

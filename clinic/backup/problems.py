class BackupProblem(Exception):
    """Why a backup can't be made, opened or restored: a sentence that says what to do, and a code."""

    def __init__(self, code, sentence):
        super().__init__(sentence)
        self.code = code

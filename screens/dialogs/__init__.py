"""The dialogs: each asks one question before something acts, and is dismissed with the command to submit, or None."""

from screens.dialogs.arm import ConfirmArm as ConfirmArm
from screens.dialogs.blind import BlindDialog as BlindDialog
from screens.dialogs.board import BoardScreen as BoardScreen
from screens.dialogs.clean_up import ConfirmCleanUp as ConfirmCleanUp
from screens.dialogs.doubt import SettleDoubtDialog as SettleDoubtDialog
from screens.dialogs.journal import AcceptJournalDialog as AcceptJournalDialog
from screens.dialogs.note import NoteDialog as NoteDialog
from screens.dialogs.quit import QuitDialog as QuitDialog
from screens.dialogs.retry import ConfirmRetry as ConfirmRetry
from screens.dialogs.roll_back import ConfirmRollBack as ConfirmRollBack
from screens.dialogs.run import ConfirmRun as ConfirmRun
from screens.dialogs.signal import ConfirmSignal as ConfirmSignal
from screens.dialogs.skip import SkipDialog as SkipDialog
from screens.dialogs.statement import ConfirmCancelStatement as ConfirmCancelStatement
from screens.dialogs.take_over import ConfirmTakeOver as ConfirmTakeOver

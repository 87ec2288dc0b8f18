"""What the front desk is asked at each step with a request; one form a step."""

from appointments.desk_forms import appointment, details, ending, working

FORMS = {
    form.step: form
    for form in (
        working.ClaimForm,
        working.TakeOverForm,
        working.ReleaseForm,
        working.ResumeForm,
        working.NotSpamForm,
        working.UndoForm,
        working.LogAttemptForm,
        appointment.BookForm,
        appointment.ChangeAppointmentForm,
        appointment.CancelAppointmentForm,
        working.WaitForm,
        details.CorrectForm,
        details.RelocateForm,
        ending.CloseForm,
        ending.ReopenForm,
        ending.EraseForm,
    )
}

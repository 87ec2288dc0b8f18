from django.shortcuts import render

from clinic.public import public_page
from staff import structured
from staff.models import Therapist


@public_page
def therapist_list(request):
    therapists = Therapist.objects.listed().for_cards()
    return render(
        request,
        "staff/therapist_list.html",
        {"therapists": therapists, "structured": structured.therapist_list(therapists)},
    )

from django.core.paginator import Paginator
from django.shortcuts import render

from articles.models import Article, Topic
from clinic.public import public_page
from clinic.search import finding, grammar
from clinic.text import one_line

RESULTS_ON_A_PAGE = 20


@public_page
def search(request):
    typed = one_line(request.GET.get("q", ""))[: grammar.MOST_CHARACTERS]
    found = finding.find(typed)
    page = Paginator(found.pks, RESULTS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "clinic/search.html",
        {
            "typed": typed,
            "found": found,
            "page": page,
            "results": finding.results(found.query, page.object_list),
            "topics": Topic.objects.covered_by(Article.objects.published()),
        },
    )

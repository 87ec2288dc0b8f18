from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from articles import article_page, paging, qr, structured, visits
from articles.feeds import ArticleFeed
from articles.models import Article, CareCard, Topic
from clinic import facts, share_image
from clinic.public import public_page

# Where paper is of the size Letter; everywhere else it is A4.
LETTER_COUNTRIES = {"US", "CA", "MX", "PH", "CL", "CO"}


@public_page
def article_list(request):
    articles = Article.objects.published()
    page = paging.newest_first(articles.for_lists(), request.GET.get("after", ""))
    return render(
        request,
        "articles/article_list.html",
        {
            "page": page,
            "topics": Topic.objects.covered_by(articles),
            "structured": structured.article_list(page),
        },
    )


@public_page
def topic_detail(request, slug):
    articles = Article.objects.published()
    topics = list(Topic.objects.covered_by(articles))
    topic = next((topic for topic in topics if topic.slug == slug), None)
    if topic is None:
        raise Http404
    page = paging.newest_first(articles.on_topic(topic).for_lists(), request.GET.get("after", ""))
    cards = CareCard.objects.shown().filter(topics=topic)
    nodes = structured.topic_detail(topic, page)
    return render(
        request,
        "articles/topic_detail.html",
        {"topic": topic, "topics": topics, "page": page, "cards": cards, "structured": nodes},
    )


@public_page
def article_detail(request, slug):
    article = get_object_or_404(Article.objects.published().for_reading(), slug=slug)
    cards = CareCard.objects.shown().of_text(article.live)
    visits.count(article)
    shown = article_page.context(article, article.live, list(cards), timezone.localdate())
    shown["structured"] = structured.article_detail(article, shown)
    return render(request, "articles/article_detail.html", shown)


article_feed = public_page(ArticleFeed())


@public_page
def article_share_image(request, slug):
    article = get_object_or_404(Article.objects.published().select_related("live"), slug=slug)
    picture = share_image.png(article.live.title, facts.load())
    return HttpResponse(picture, content_type="image/png")


@public_page
def article_print(request, slug):
    """Show an article made for paper, with a code that leads to the request form."""
    article = get_object_or_404(Article.objects.published().for_reading(), slug=slug)
    cards = CareCard.objects.shown().of_text(article.live)
    start = settings.SITE_URL + reverse("request_start", query={"article": article.slug})
    context = {
        **article_page.context(article, article.live, list(cards), timezone.localdate()),
        "paper": "letter" if settings.COUNTRY in LETTER_COUNTRIES else "a4",
        "qr": qr.code(start),
    }
    return render(request, "articles/handout.html", context)

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from articles import article_page, paging
from articles.models import Article, CareCard, Topic
from clinic.public import public_page


@public_page
def article_list(request):
    articles = Article.objects.published()
    page = paging.newest_first(articles.for_lists(), request.GET.get("after", ""))
    return render(
        request, "articles/article_list.html", {"page": page, "topics": Topic.objects.covered_by(articles)}
    )


@public_page
def topic_detail(request, slug):
    articles = Article.objects.published()
    topic = get_object_or_404(Topic.objects.covered_by(articles), slug=slug)
    page = paging.newest_first(articles.on_topic(topic).for_lists(), request.GET.get("after", ""))
    cards = CareCard.objects.shown().filter(topics=topic)
    return render(request, "articles/topic_detail.html", {"topic": topic, "page": page, "cards": cards})


@public_page
def article_detail(request, slug):
    article = get_object_or_404(Article.objects.published().for_reading(), slug=slug)
    cards = CareCard.objects.shown().of_text(article.live)
    context = article_page.context(article, article.live, list(cards), timezone.localdate())
    return render(request, "articles/article_detail.html", context)

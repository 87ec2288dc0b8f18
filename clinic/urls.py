"""The site's table of contents, in the order of its menu."""

from django.contrib import admin
from django.urls import include, path, re_path, register_converter

from appointments import private_page
from appointments import views as appointments
from articles import review
from articles import views as articles
from articles.mistake_page import article_mistake
from clinic import look
from clinic.site import design, failures, health, media, search, views
from staff import views as staff

register_converter(look.Hue, "hue")

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/", articles.article_list, name="article_list"),
    path("articles/topics/<slug:slug>/", articles.topic_detail, name="topic_detail"),
    path("articles/review/<str:signed>/", review.review, name="article_review"),
    path("articles/feed/", articles.article_feed, name="article_feed"),
    path("articles/<slug:slug>/", articles.article_detail, name="article_detail"),
    path("articles/<slug:slug>/print/", articles.article_print, name="article_print"),
    path("articles/<slug:slug>/mistake/", article_mistake, name="article_mistake"),
    path("articles/<slug:slug>/share.png", articles.article_share_image, name="article_share_image"),
    path("staff/", staff.therapist_list, name="therapist_list"),
    path("staff/<slug:slug>/", views.therapist_detail, name="therapist_detail"),
    path("locations/", views.location_list, name="location_list"),
    path("locations/<slug:slug>/", views.location_detail, name="location_detail"),
    path("appointments/", appointments.request_start, name="request_start"),
    path("appointments/emergency/", appointments.request_emergency, name="request_emergency"),
    path("appointments/request/", appointments.request_form, name="request_form"),
    path("appointments/request/change/", appointments.request_change, name="request_change"),
    path("appointments/request/send/", appointments.request_send, name="request_send"),
    path("appointments/received/<str:signed>/", appointments.request_received, name="request_received"),
    path("appointments/r/<str:token>/", private_page.private_link, name="private_link"),
    path(
        "appointments/r/<str:token>/appointment.ics",
        private_page.private_link_calendar,
        name="private_link_calendar",
    ),
    path("documents/<slug:slug>/", media.document, name="document"),
    path("search/", search.search, name="search"),
    path("design/", design.design, name="design"),
    path("admin/login/", admin.site.login, name="account_login"),
    path("admin/account/", include("clinic.site.account_urls")),
    path("admin/", admin.site.urls),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("share.png", views.share_image, name="share_image"),
    path("look/<hue:hue>.css", look.sheet, name="look_sheet"),
    path("look/<hue:hue>.svg", look.icon, name="look_icon"),
    path("look/<hue:hue>.png", look.touch_icon, name="look_touch_icon"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    re_path(r"^media/(?P<path>.+)$", media.serve, name="media"),
    # Last, because it matches any single word.
    path("<slug:slug>/", views.page_detail, name="page_detail"),
]

handler400 = failures.bad_request
handler403 = failures.permission_denied
handler404 = failures.not_found
handler500 = failures.server_error

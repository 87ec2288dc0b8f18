from articles.admin import articles, broken_links, cards, mistakes, topics

__all__ = ["articles", "broken_links", "cards", "mistakes", "topics"]

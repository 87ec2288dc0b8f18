from articles.admin import articles, cards, topics

__all__ = ["articles", "cards", "topics"]

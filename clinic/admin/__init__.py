from clinic.admin import facts, outbox, pages, pictures, trail

__all__ = ["facts", "outbox", "pages", "pictures", "trail"]

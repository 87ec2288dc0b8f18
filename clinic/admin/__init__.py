from clinic.admin import addresses, documents, facts, notices, outbox, pages, pictures, trail

__all__ = ["addresses", "documents", "facts", "notices", "outbox", "pages", "pictures", "trail"]

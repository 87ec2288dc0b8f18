from django.contrib.auth.backends import ModelBackend


class RoleBackend(ModelBackend):
    """Rights come from roles alone, so that the table of roles tells the whole truth."""

    def get_user_permissions(self, user_obj, obj=None):
        return set()

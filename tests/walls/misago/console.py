"""What the forum's owner does: one command as JSON on standard input, its answer on the output.

Run by the interpreter that has Misago. Moderators and members act by the forum's own addresses.
"""

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  # models exist after the set-up
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402
from misago.acl import ACL_CACHE  # noqa: E402
from misago.acl.models import Role  # noqa: E402
from misago.cache.versions import invalidate_cache  # noqa: E402
from misago.categories.models import Category, CategoryRole, RoleCategoryACL  # noqa: E402
from misago.conf.shortcuts import get_dynamic_settings  # noqa: E402
from misago.markup import common_flavour  # noqa: E402
from misago.threads.checksums import update_post_checksum  # noqa: E402
from misago.threads.models import Post, Thread  # noqa: E402
from misago.users.bans import ban_user  # noqa: E402
from misago.users.setupnewuser import setup_new_user  # noqa: E402

User = get_user_model()
CATEGORY = "misago.threads.permissions.threads"


def install(
    title: str, posts: list[dict[str, Any]], moderator: str, password: str
) -> dict[str, Any]:
    """Fill an empty database: two categories, a thread of these posts, a moderator."""
    call_command("migrate", verbosity=0)
    category = Category.objects.get(slug="first-category")
    category.set_name("Entraide")
    category.save()
    other = Category(name="Archives", slug="archives")
    other.insert_at(Category.objects.root_category(), position="last-child", save=True)
    for given in RoleCategoryACL.objects.filter(category=category):
        RoleCategoryACL.objects.create(
            role=given.role, category=other, category_role=given.category_role
        )
    _let_members_act()
    _member(moderator, password, Role.objects.get(name="Moderator"))
    for name in dict.fromkeys(post["author"] for post in posts):
        _member(name, password)
    thread = _thread(category, title, posts)
    aside = _thread(category, "Bienvenue / Welcome", [{**posts[0], "text": "Soyez courtois."}])
    invalidate_cache(ACL_CACHE)
    return {"thread": thread.pk, "path": thread.get_absolute_url(), "aside": aside.pk}


def ban(name: str) -> None:
    """Ban a member for good."""
    ban_user(User.objects.get(username=name), user_message="Publicité déguisée")


def members_only(closed: bool) -> None:
    """Show the category to members alone, or to everybody again."""
    guests = RoleCategoryACL.objects.get(role__special_role="anonymous", category__slug="entraide")
    guests.category_role = CategoryRole.objects.get(name="See only" if closed else "Read only")
    guests.save()
    invalidate_cache(ACL_CACHE)


def posts(thread: int) -> list[dict[str, Any]]:
    """Give every post of a thread, oldest first, hidden ones included."""
    return [
        {
            "id": post.pk,
            "author": post.poster_name,
            "text": post.original,
            "at": post.posted_on.isoformat(),
            "permalink": post.get_absolute_url(),
            "hidden": post.is_hidden,
        }
        for post in Post.objects.filter(thread_id=thread, is_event=False).order_by("id")
    ]


def _let_members_act() -> None:
    """Members may delete their own posts and change them at any time: options of the owner's."""
    role = CategoryRole.objects.get(name="Start and reply threads")
    role.permissions[CATEGORY] |= {"can_hide_own_posts": 2, "post_edit_time": 0}
    role.save()
    for member in Role.objects.filter(special_role="authenticated"):
        member.permissions.setdefault(CATEGORY, {})["can_omit_flood_protection"] = True
        member.save()
    moderator = Role.objects.get(name="Moderator")
    limits = {"can_delete_users_newer_than": 9999, "can_delete_users_with_less_posts_than": 9999}
    moderator.permissions["misago.users.permissions.delete"] = limits
    moderator.save()


def _member(name: str, password: str, *roles: Role) -> Any:
    user = User.objects.create_user(name, f"{name.lower()}@forum.test", password)
    setup_new_user(get_dynamic_settings(), user)
    user.roles.add(*roles)
    user.update_acl_key()
    user.save()
    return user


def _thread(category: Category, title: str, written: list[dict[str, Any]]) -> Thread:
    now = timezone.now()
    thread = Thread(category=category, started_on=now, last_post_on=now)
    thread.set_title(title)
    thread.save()
    for one in written:
        author = User.objects.get(username=one["author"])
        parsed = common_flavour(None, author, one["text"], allow_mentions=False)
        at = now - timedelta(hours=one["hours_ago"])
        post = Post.objects.create(
            category=category,
            thread=thread,
            poster=author,
            poster_name=author.username,
            original=one["text"],
            parsed=parsed["parsed_text"],
            posted_on=at,
            updated_on=at,
        )
        update_post_checksum(post)
        post.save()
        author.posts += 1
        author.save()
    thread.synchronize()
    thread.save()
    category.synchronize()
    category.save()
    return thread


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    done = {"install": install, "ban": ban, "members_only": members_only, "posts": posts}
    json.dump(done[asked.pop("do")](**asked), sys.stdout)

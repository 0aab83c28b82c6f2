<?php
// php console.php WWW: the moderator's desk. One JSON command a line in, one JSON answer a line out:
// {"do": "trash", "id": 7} -> {"ok": true} or {"error": "..."}. Stays alive, since WordPress takes
// a quarter of a second to load and tests moderate dozens of times.
$_SERVER['HTTP_HOST'] = parse_url(getenv('RATURE_WALL_URL'), PHP_URL_HOST)
    . ':' . parse_url(getenv('RATURE_WALL_URL'), PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php'; // flushing rewrite rules needs it

function existing(int $id): WP_Comment {
    return get_comment($id) ?? throw new RuntimeException("there is no comment $id");
}

function moderate(array $c): bool {
    $id = (int) existing((int) $c['id'])->comment_ID;
    return (bool) match ($c['do']) {
        'approve', 'hold', 'spam' => wp_set_comment_status($id, $c['do']),
        'trash' => wp_trash_comment($id),
        'untrash' => wp_untrash_comment($id),
        'delete' => wp_delete_comment($id, true),
        'edit' => wp_update_comment(['comment_ID' => $id, 'comment_content' => $c['text']]),
    };
}

function add(array $c): int {
    return wp_insert_comment([
        'comment_post_ID' => $c['post'],
        'comment_author' => $c['author'],
        'comment_author_email' => sanitize_title($c['author']) . '@example.org',
        'comment_content' => $c['text'],
        'comment_parent' => $c['parent'] ?? 0,
        'comment_approved' => 1,
    ]) ?: throw new RuntimeException('the comment was not stored');
}

function comments(array $c): array {
    $shape = fn(WP_Comment $x) => [
        'id' => (int) $x->comment_ID, 'parent' => (int) $x->comment_parent,
        'author' => $x->comment_author, 'text' => $x->comment_content,
        'status' => wp_get_comment_status($x), 'at' => $x->comment_date_gmt,
    ];
    $every = ['post_id' => $c['post'], 'status' => ['all', 'spam', 'trash'],
        'orderby' => 'comment_ID', 'order' => 'ASC'];
    return array_map($shape, get_comments($every));
}

function option(array $c): bool {
    update_option($c['name'], $c['value']);
    if ($c['name'] === 'permalink_structure') {
        $GLOBALS['wp_rewrite']->init();
        flush_rewrite_rules();
    }
    return true;
}

function cookies(array $c): array {
    $comment = existing((int) $c['id']);
    return ['comment_author_' . COOKIEHASH => $comment->comment_author,
        'comment_author_email_' . COOKIEHASH => $comment->comment_author_email];
}

function restore(): bool {
    global $wpdb;
    foreach (['comments', 'commentmeta', 'posts', 'postmeta', 'options'] as $table) {
        // Not TRUNCATE: numbers once given are never given to another comment.
        $wpdb->query("DELETE FROM {$wpdb->prefix}$table");
        $wpdb->query("INSERT INTO {$wpdb->prefix}$table SELECT * FROM seed_$table");
    }
    wp_cache_flush();
    $GLOBALS['wp_rewrite']->init();
    return true;
}

function answer(array $c): mixed {
    return match ($c['do']) {
        'add' => add($c),
        'comments' => comments($c),
        'option' => option($c),
        'cookies' => cookies($c),
        'permalink' => get_comment_link(existing((int) $c['id'])),
        'article' => get_permalink($c['post']),
        'article_status' => (bool) wp_update_post(['ID' => $c['post'], 'post_status' => $c['status']]),
        'restore' => restore(),
        default => moderate($c),
    };
}

while (($line = fgets(STDIN)) !== false) {
    wp_cache_flush(); // the web server's processes wrote in the meantime
    try {
        $ok = answer(json_decode($line, true, 8, JSON_THROW_ON_ERROR));
        $said = $ok === false ? ['error' => 'WordPress refused'] : ['ok' => $ok];
    } catch (Throwable $error) {
        $said = ['error' => $error->getMessage()];
    }
    echo json_encode($said, JSON_UNESCAPED_UNICODE), "\n";
}

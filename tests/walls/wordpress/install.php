<?php
// php install.php WWW COMMENTS.json: installs WordPress and writes the article with its comments.
// Prints the address of the article. Comments are dated by their "hours_ago", oldest first.
[, $www, $comments] = $argv;
$_SERVER['HTTP_HOST'] = parse_url(getenv('RATURE_WALL_URL'), PHP_URL_HOST)
    . ':' . parse_url(getenv('RATURE_WALL_URL'), PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/';
define('WP_INSTALLING', true);
// No mail server is here: the installer's welcome letter is not sent.
function wp_new_blog_notification() {}
require "$www/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Acme et vous', 'moderator', 'moderator@example.org', true, '', 'moderator-pass');

$options = [
    'timezone_string' => 'Europe/Paris',
    'permalink_structure' => '/%postname%/',
    'page_comments' => 1,
    'comments_per_page' => 10,
    'comment_order' => 'asc',
    'default_comments_page' => 'oldest',
    'thread_comments' => 1,
    'comment_moderation' => 0,
    'comment_previously_approved' => 0,
    'comments_notify' => 0,
    'moderation_notify' => 0,
    'comment_max_links' => 100,
    'show_avatars' => 0, // avatars come from another host
];
foreach ($options as $name => $value) {
    update_option($name, $value);
}
flush_rewrite_rules();

wp_insert_post([
    'post_title' => 'Nos boutiques', 'post_status' => 'publish', 'post_author' => 1,
    'post_content' => '<p>Une autre page du site, sans rapport avec les chaussures.</p>',
]);
$article = wp_insert_post([
    'post_title' => 'La nouvelle collection est arrivée', 'post_name' => 'nouvelle-collection',
    'post_status' => 'publish', 'post_author' => 1, 'comment_status' => 'open',
    'post_content' => '<p>Dites-nous ce que vous en pensez. Tell us what you think of it.</p>',
    'post_date_gmt' => gmdate('Y-m-d H:i:s', time() - 60 * 86400),
    'post_date' => wp_date('Y-m-d H:i:s', time() - 60 * 86400),
]);
$ids = [];
foreach (json_decode(file_get_contents($comments), true, 8, JSON_THROW_ON_ERROR) as $n => $comment) {
    $at = time() - (int) ($comment['hours_ago'] * 3600);
    $ids[$n] = wp_insert_comment([
        'comment_post_ID' => $article,
        'comment_author' => $comment['author'],
        'comment_author_email' => sanitize_title($comment['author']) . '@example.org',
        'comment_content' => $comment['text'],
        'comment_parent' => isset($comment['reply_to']) ? $ids[$comment['reply_to']] : 0,
        'comment_date_gmt' => gmdate('Y-m-d H:i:s', $at),
        'comment_date' => wp_date('Y-m-d H:i:s', $at),
        'comment_approved' => 1,
    ]);
}
// The state that every test starts from is kept beside it.
foreach (['comments', 'commentmeta', 'posts', 'postmeta', 'options'] as $table) {
    $wpdb->query("CREATE TABLE seed_$table AS SELECT * FROM {$wpdb->prefix}$table");
}
echo $article, "\n";

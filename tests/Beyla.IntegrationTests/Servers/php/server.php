<?php
// The fleet's contract (../README.md) on PHP's own server; the truth file comes in the environment.
const PIECE = 64 * 1024;

$start = hrtime(true);
$path = strtok($_SERVER['REQUEST_URI'], '?');
$parts = explode('/', $path);
$status = $parts[1] === 'status' ? (int) $parts[2] : 200;
$received = 0;
$sent = 0;
$body = fopen('php://input', 'rb');
while (($piece = fread($body, PIECE)) !== false && $piece !== '') {
    $received += strlen($piece);
}
if (isset($_GET['delay_ms'])) {
    usleep((int) $_GET['delay_ms'] * 1000);
}

$size = (int) ($_GET['size'] ?? 0);
$hasContent = $_SERVER['REQUEST_METHOD'] !== 'HEAD' && $status !== 204 && $status !== 304;
http_response_code($status);
header('Content-Type: application/octet-stream');
if ($hasContent && !isset($_GET['chunked'])) {
    header("Content-Length: $size");
}
$end = hrtime(true);
// A script of PHP ends where its client does, unless it says otherwise; the log comes after.
ignore_user_abort(true);
$content = str_repeat("HTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n", 30000);
while ($hasContent && $sent < $size && !connection_aborted()) {
    $piece = substr($content, $sent, min(PIECE, $size - $sent));
    $end = hrtime(true);
    echo $piece;
    $sent += strlen($piece);
}
file_put_contents(getenv('TRUTH_FILE'), json_encode([
    'id' => $_GET['id'] ?? null,
    'method' => $_SERVER['REQUEST_METHOD'],
    'path' => $path,
    'status' => $status,
    'requestBytes' => $received,
    'responseBytes' => $sent,
    'handlerStartNs' => $start,
    'handlerEndNs' => $end,
], JSON_UNESCAPED_SLASHES) . "\n", FILE_APPEND);

<?php
// Logs a failure with its stack, then ends with another.
function total(array $rows): int
{
    if ($rows === []) {
        throw new DomainException('invoice has no rows');
    }
    return array_sum($rows);
}

function render(?object $template): string
{
    return $template->draw();
}

error_log('INFO invoices is up');
try {
    total([]);
} catch (DomainException $e) {
    error_log('ERROR trace_id=' . $argv[1] . ' invoice failed: ' . $e);
}
error_log('INFO next invoice');
render(null);

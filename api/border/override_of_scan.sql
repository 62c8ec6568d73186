SELECT decision, reason, overridden_at, team
FROM overrides FINAL
WHERE scan_id = {scan_id:UUID}
ORDER BY overridden_at DESC, version DESC
LIMIT 1

"""Schema-driven generator of the Tencent Cloud Chat client."""

-module(shop_http).
%% Not "/health/old".
routes() -> [{"/api/healthz", shop_health}].
